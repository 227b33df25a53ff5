"""One key, one effect, one answer."""

import asyncio
from typing import Any

import httpx
import pytest
import stripe

from deploy.sandbox.stripe import customers
from deploy.sandbox.stripe.call import Call
from tests.sandbox.stripe.builders import (
    a_customer,
    a_payment,
    a_saved_card,
    an_account,
    an_intent,
    event_types,
)
from tests.sandbox.stripe.running import Running, authorization, submit


def post(sandbox: Running, path: str, key: str, **data: Any) -> httpx.Response:
    headers = authorization() | {"Idempotency-Key": key}
    return submit(sandbox.url + path, data=data, headers=headers)


async def test_a_repeated_key_gets_the_first_answer_and_has_one_effect(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    first = post(sandbox, "/v1/customers", "k", email="claire@exemple.fr")
    again = post(sandbox, "/v1/customers", "k", email="claire@exemple.fr")

    assert again.json() == first.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert await event_types(client) == ["customer.created"]


async def test_a_refused_card_is_replayed_although_the_card_would_now_pass(
    client: stripe.StripeClient,
) -> None:
    customer = await a_customer(client)
    bad = await a_saved_card(client, customer, "pm_card_chargeCustomerFail")
    intent = await an_intent(client, customer)
    refusals = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refusal:
            await client.v1.payment_intents.confirm_async(
                intent, {"payment_method": bad, "off_session": True}, {"idempotency_key": "confirm:1"}
            )
        refusals.append(refusal.value)

    charges = await client.v1.charges.list_async({"payment_intent": intent})
    assert [refusal.http_status for refusal in refusals] == [402, 402]
    assert refusals[0].json_body == refusals[1].json_body
    assert refusals[1].headers is not None
    assert refusals[1].headers["idempotent-replayed"] == "true"
    assert [charge.status for charge in charges.data] == ["failed"]


async def test_a_refusal_of_the_balance_is_replayed_too(client: stripe.StripeClient) -> None:
    account = await an_account(client)
    transfer: Any = {"amount": 100, "currency": "eur", "destination": account}
    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.transfers.create_async(transfer, {"idempotency_key": "payout:1"})
    await a_payment(client)

    with pytest.raises(stripe.InvalidRequestError) as replayed:
        await client.v1.transfers.create_async(transfer, {"idempotency_key": "payout:1"})
    paid = await client.v1.transfers.create_async(transfer, {"idempotency_key": "payout:2"})

    assert (replayed.value.code, paid.amount) == ("balance_insufficient", 100)


async def test_a_refusal_before_anything_began_leaves_the_key_free(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    refused = post(sandbox, "/v1/customers", "k", foo="1")
    accepted = post(sandbox, "/v1/customers", "k", email="claire@exemple.fr")

    assert (refused.status_code, accepted.status_code) == (400, 200)


@pytest.mark.parametrize(
    ("path", "data"), [("/v1/customers", {"email": "b@exemple.fr"}), ("/v1/setup_intents", {})]
)
async def test_a_key_cannot_be_used_for_another_request(
    sandbox: Running, path: str, data: dict[str, str]
) -> None:
    post(sandbox, "/v1/customers", "k", email="a@exemple.fr")

    answer = post(sandbox, path, "k", **data)

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "idempotency_error"


async def test_the_sdk_raises_its_own_error_for_a_reused_key(client: stripe.StripeClient) -> None:
    await client.v1.customers.create_async({"email": "a@exemple.fr"}, {"idempotency_key": "k"})

    with pytest.raises(stripe.IdempotencyError):
        await client.v1.customers.create_async({"email": "b@exemple.fr"}, {"idempotency_key": "k"})


async def test_ten_requests_at_once_under_one_key_have_exactly_one_effect(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    sandbox.switch("settings", processing_seconds=0.2)

    async def create() -> int:
        async with httpx.AsyncClient() as http:
            answer = await http.post(
                f"{sandbox.url}/v1/customers", headers=authorization() | {"Idempotency-Key": "k"}
            )
        if answer.status_code == 409:
            assert answer.json()["error"]["code"] == "idempotency_key_in_use"
        return answer.status_code

    statuses = await asyncio.gather(*(create() for _ in range(10)))

    customers = await client.v1.customers.list_async()
    assert sorted(statuses) == [200] + [409] * 9
    assert len(customers.data) == 1


async def test_a_key_forgotten_after_its_lifetime_is_a_new_request(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    first = await client.v1.customers.create_async({}, {"idempotency_key": "k"})
    sandbox.switch("settings", idempotency_lifetime_seconds=0)

    second = await client.v1.customers.create_async({}, {"idempotency_key": "k"})

    assert first.id != second.id


async def test_a_lost_answer_is_found_again_under_its_key(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    sandbox.switch("settings", lose_answers=1)
    with pytest.raises(stripe.APIError):
        await client.v1.customers.create_async({}, {"idempotency_key": "k"})

    customer = await client.v1.customers.create_async({}, {"idempotency_key": "k"})

    known = await client.v1.customers.list_async()
    assert [found.id for found in known.data] == [customer.id]


async def test_a_breakdown_is_the_answer_to_its_key_and_leaves_nothing_behind(
    client: stripe.StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(call: Call, *_: Any) -> None:
        raise RuntimeError("the event could not be written")

    monkeypatch.setattr(customers, "record_event", break_down)
    with pytest.raises(stripe.APIError) as first:
        await client.v1.customers.create_async({}, {"idempotency_key": "k"})
    monkeypatch.undo()
    with pytest.raises(stripe.APIError) as again:
        await client.v1.customers.create_async({}, {"idempotency_key": "k"})

    assert (first.value.http_status, again.value.http_status) == (500, 500)
    assert first.value.json_body == again.value.json_body
    assert (await client.v1.customers.list_async()).data == []
