"""Deliveries: signed, at least once, and as misbehaved as Stripe may be."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import stripe

from tests.sandbox.stripe.builders import a_customer, a_payment, event_types
from tests.sandbox.stripe.receiver import Receiver
from tests.sandbox.stripe.running import Running, authorization, sandbox_in_a_thread, visit, wait_until

PAYMENT = [
    "customer.created",
    "payment_method.attached",
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
]


@pytest.fixture
def sandbox(tmp_path: Path, receiver: Receiver) -> Iterator[Running]:
    with sandbox_in_a_thread(tmp_path / "stripe.sqlite", receiver.url) as running:
        yield running


async def undelivered(client: stripe.StripeClient, count: int) -> list[str]:
    """A delivery is noted a moment after its answer: asked again until there are `count` left."""
    types: list[str] = []
    for _ in range(500):
        events = await client.v1.events.list_async({"delivery_success": False})
        types = [event.type for event in events.data if event.pending_webhooks]
        if len(types) == count:
            break
        await asyncio.sleep(0.01)
    return types


async def test_events_arrive_signed_and_in_order_when_all_is_well(
    client: stripe.StripeClient, receiver: Receiver
) -> None:
    intent = await a_payment(client)

    assert receiver.wait_for(5) == PAYMENT
    last = receiver.events[-1]
    assert (last.data.object["id"], last.api_version) == (intent.id, stripe.api_version)
    assert last.request is not None
    assert last.request.id is not None


async def test_an_unanswered_event_is_repeated_until_it_is(
    client: stripe.StripeClient, receiver: Receiver
) -> None:
    receiver.refusals_left = 1
    await a_customer(client)
    wait_until(lambda: receiver.refused == 1)

    waiting = (await client.v1.events.list_async({"delivery_success": False})).data

    assert [(event.type, event.pending_webhooks) for event in waiting] == [("customer.created", 1)]
    assert receiver.wait_for(1) == ["customer.created"]
    assert await undelivered(client, 0) == []


async def test_an_event_may_come_several_times(
    sandbox: Running, client: stripe.StripeClient, receiver: Receiver
) -> None:
    sandbox.switch("webhooks", duplicate=2)
    await a_customer(client)

    receiver.wait_for(3)
    await asyncio.sleep(0.2)
    (event,) = (await client.v1.events.list_async()).data
    assert [received.id for received in receiver.events] == [event.id] * 3


async def test_events_may_come_in_the_wrong_order(
    sandbox: Running, client: stripe.StripeClient, receiver: Receiver
) -> None:
    intent = await a_payment(client)
    receiver.wait_for(5)
    sandbox.switch("webhooks", reorder=True)

    await client.v1.payment_intents.create_async(
        {
            "amount": 1500,
            "currency": "eur",
            "customer": str(intent.customer),
            "payment_method": str(intent.payment_method),
            "off_session": True,
            "confirm": True,
        }
    )

    assert receiver.wait_for(8)[5:] == PAYMENT[:1:-1]


async def test_events_may_come_late(
    sandbox: Running, client: stripe.StripeClient, receiver: Receiver
) -> None:
    sandbox.switch("webhooks", delay_seconds=0.5)
    began = time.monotonic()
    await a_customer(client)

    receiver.wait_for(1)
    assert time.monotonic() - began >= 0.5


async def test_a_lost_event_is_still_found_by_asking(
    sandbox: Running, client: stripe.StripeClient, receiver: Receiver
) -> None:
    sandbox.switch("webhooks", drop=True)
    await a_customer(client)
    sandbox.switch("webhooks", drop=False)
    await client.v1.setup_intents.create_async()

    assert receiver.wait_for(1) == ["setup_intent.created"]
    assert await event_types(client) == ["customer.created", "setup_intent.created"]


async def test_only_some_types_may_misbehave(
    sandbox: Running, client: stripe.StripeClient, receiver: Receiver
) -> None:
    sandbox.switch("webhooks", drop=True, only=["payment_intent.*", "charge.succeeded"])
    await a_payment(client)

    assert receiver.wait_for(2) == ["customer.created", "payment_method.attached"]
    assert await event_types(client) == PAYMENT


async def test_a_lost_event_may_be_sent_again(
    sandbox: Running, client: stripe.StripeClient, receiver: Receiver
) -> None:
    sandbox.switch("webhooks", drop=True)
    await a_customer(client)
    sandbox.switch("webhooks", drop=False)
    (event,) = (await client.v1.events.list_async()).data

    sandbox.act("send_event_again", event=event.id)

    receiver.wait_for(1)
    assert [received.id for received in receiver.events] == [event.id]


async def test_switches_are_read_back_and_need_the_key(sandbox: Running) -> None:
    changed = sandbox.switch("webhooks", duplicate=1)
    read = visit(f"{sandbox.url}/_sandbox/webhooks", headers=authorization())
    stranger = visit(f"{sandbox.url}/_sandbox/settings", headers=authorization("sk_test_other"))

    assert changed == {"duplicate": 1, "delay_seconds": 0, "reorder": False, "drop": False, "only": []}
    assert (read.json(), stranger.status_code) == (changed, 401)
    with pytest.raises(httpx.HTTPStatusError):
        sandbox.switch("webhooks", explode=True)


async def test_another_endpoint_receives_only_what_it_asked_for(
    client: stripe.StripeClient, receiver: Receiver
) -> None:
    made = await client.v1.webhook_endpoints.create_async(
        {"url": "http://127.0.0.1:9/hook", "enabled_events": ["charge.succeeded"]}
    )
    await a_payment(client)
    receiver.wait_for(5)
    known = await client.v1.webhook_endpoints.list_async()
    waiting = await undelivered(client, 1)
    gone = await client.v1.webhook_endpoints.delete_async(made.id)

    assert made.secret is not None
    assert [endpoint.url for endpoint in known.data] == [made.url, receiver.url]
    assert waiting == ["charge.succeeded"]
    assert (gone.id, gone.deleted) == (made.id, True)
    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.webhook_endpoints.retrieve_async(made.id)


async def test_the_dashboard_shows_the_money_the_events_and_the_switches(
    sandbox: Running, client: stripe.StripeClient, receiver: Receiver
) -> None:
    intent = await a_payment(client, 4500)
    sandbox.switch("webhooks", duplicate=3)
    receiver.wait_for(5)

    page = visit(f"{sandbox.url}/dashboard")

    assert page.status_code == 200
    for shown in (intent.id, "44,07\u00a0€", "payment_intent.succeeded", "livré", "copies en plus : 3"):
        assert shown in page.text
