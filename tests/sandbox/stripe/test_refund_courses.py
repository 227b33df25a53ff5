"""Refunds that take a while, come back, or wait for money."""

import httpx
import pytest
import stripe

from tests.sandbox.stripe.builders import (
    a_payment,
    an_account,
    balance_of,
    error_of,
    event_types,
    until,
)
from tests.sandbox.stripe.running import Running

FEE = 93


async def settled(client: stripe.StripeClient, refund: stripe.Refund, status: str) -> stripe.Refund:
    async def read() -> stripe.Refund:
        return await client.v1.refunds.retrieve_async(refund.id)

    return await until(read, lambda known: known.status == status)


async def spend_all(client: stripe.StripeClient) -> None:
    available, _ = await balance_of(client)
    await client.v1.transfers.create_async(
        {"amount": available, "currency": "eur", "destination": await an_account(client)}
    )


@pytest.fixture(autouse=True)
def _banks_are_quick(sandbox: Running) -> None:
    sandbox.switch("settings", bank_seconds=0)


async def test_a_refund_may_succeed_later(client: stripe.StripeClient) -> None:
    intent = await a_payment(client, 4500, "pm_card_pendingRefund")

    refund = await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 600})
    known = await settled(client, refund, "succeeded")

    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    assert "pending_reason" not in known.to_dict()
    assert await balance_of(client) == (4500 - FEE - 600, 0)
    assert (await event_types(client))[-4:] == [
        "refund.created",
        "charge.refunded",
        "refund.updated",
        "charge.refund.updated",
    ]


async def test_a_refund_that_seemed_to_succeed_may_come_back(client: stripe.StripeClient) -> None:
    intent = await a_payment(client, 4500, "pm_card_refundFail")

    refund = await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 600})
    failed = await settled(client, refund, "failed")

    charge = await client.v1.charges.retrieve_async(str(intent.latest_charge))
    entries = (await client.v1.balance_transactions.list_async({"source": refund.id})).data
    assert (refund.status, failed.failure_reason) == ("succeeded", "expired_or_canceled_card")
    assert [(entry.type, entry.reporting_category, entry.net) for entry in entries] == [
        ("refund_failure", "refund_failure", 600),
        ("refund", "refund", -600),
    ]
    assert [failed.failure_balance_transaction, failed.balance_transaction] == [entry.id for entry in entries]
    assert (charge.amount_refunded, charge.refunded) == (0, False)
    assert await balance_of(client) == (4500 - FEE, 0)
    assert (await event_types(client))[-3:] == ["refund.updated", "charge.refund.updated", "refund.failed"]


async def test_a_refund_without_money_waits_for_it(client: stripe.StripeClient) -> None:
    intent = await a_payment(client, 4500)
    await spend_all(client)

    refund = await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 600})
    charge = await client.v1.charges.retrieve_async(str(intent.latest_charge))
    before = await balance_of(client)
    await a_payment(client, 1500)
    paid = await settled(client, refund, "succeeded")

    assert (refund.status, refund.pending_reason) == ("pending", "insufficient_funds")
    assert (refund.balance_transaction, charge.amount_refunded, before) == (None, 600, (0, 0))
    assert paid.balance_transaction is not None
    assert await balance_of(client) == (1500 - 48 - 600, 0)


async def test_or_is_refused_as_in_test_mode(sandbox: Running, client: stripe.StripeClient) -> None:
    sandbox.switch("settings", refunds_wait_for_funds=False)
    intent = await a_payment(client, 4500)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.refunds.create_async({"payment_intent": intent.id})

    assert error_of(refusal.value) == {"type": "invalid_request_error", "code": "balance_insufficient"}
    assert (await client.v1.refunds.list_async()).data == []


async def test_a_chargeback_overtakes_a_refund_on_its_way(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    sandbox.switch("settings", bank_seconds=3600)
    intent = await a_payment(client, 4500, "pm_card_pendingRefund")
    refund = await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 600})

    dispute = sandbox.act("dispute", payment=intent.id)

    known = await client.v1.refunds.retrieve_async(refund.id)
    assert (known.status, known.failure_reason) == ("failed", "charge_for_pending_refund_disputed")
    assert dispute["amount"] == 3900
    assert await balance_of(client) == (4500 - FEE - 3900 - 2000, 0)


async def test_several_partial_refunds_are_listed_and_none_is_canceled(client: stripe.StripeClient) -> None:
    intent = await a_payment(client, 4500)
    made = [
        await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": amount})
        for amount in (100, 200, 300)
    ]

    listed = await client.v1.refunds.list_async({"payment_intent": intent.id, "limit": 2})
    noted = await client.v1.refunds.update_async(made[0].id, {"metadata": {"credit_note": "1"}})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.refunds.cancel_async(made[0].id)

    assert ([refund.id for refund in listed.data], listed.has_more) == ([made[2].id, made[1].id], True)
    assert noted.to_dict()["metadata"] == {"credit_note": "1"}
    assert refusal.value.user_message == "Canceling this refund is unsupported."


async def test_an_operator_fails_a_refund_once(sandbox: Running, client: stripe.StripeClient) -> None:
    intent = await a_payment(client, 4500)
    refund = await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 600})

    failed = sandbox.act("fail_refund", refund=refund.id, reason="lost_or_stolen_card")
    with pytest.raises(httpx.HTTPStatusError):
        sandbox.act("fail_refund", refund=refund.id)
    again = await client.v1.refunds.create_async({"payment_intent": intent.id, "amount": 600})

    assert (failed["status"], failed["failure_reason"]) == ("failed", "lost_or_stolen_card")
    assert again.status == "succeeded"
    assert await balance_of(client) == (4500 - FEE - 600, 0)
