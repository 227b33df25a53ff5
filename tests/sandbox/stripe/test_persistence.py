"""Nothing is lost when the process is killed."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
import stripe

from tests.sandbox.stripe.builders import a_customer, a_payment, an_account, an_intent, event_types
from tests.sandbox.stripe.receiver import Receiver
from tests.sandbox.stripe.running import free_port, start_process


async def test_objects_keys_and_undelivered_webhooks_survive_a_kill(
    tmp_path: Path, receiver: Receiver
) -> None:
    data, port = tmp_path / "stripe.sqlite", free_port()
    running, process = start_process(data, receiver.url, port)
    try:
        client = running.client()
        running.switch("webhooks", delay_seconds=30)
        await a_payment(client)
        intent = await an_intent(client, await a_customer(client))
        with pytest.raises(stripe.CardError) as refused:
            await confirm(client, intent)
        account = await an_account(client)
        before = await event_types(client)
    finally:
        process.kill()
        process.wait()
    assert receiver.events == []

    hurry(data)
    running, process = start_process(data, receiver.url, port)
    try:
        client = running.client()
        with pytest.raises(stripe.CardError) as replayed:
            await confirm(client, intent)
        sent = await client.v1.transfers.create_async(
            {"amount": 4407, "currency": "eur", "destination": account}
        )
        await asyncio.to_thread(receiver.wait_for, len(before))
    finally:
        process.kill()
        process.wait()

    assert replayed.value.json_body == refused.value.json_body
    assert sent.amount == 4407
    assert receiver.types[: len(before)] == before


async def confirm(client: stripe.StripeClient, intent: str) -> None:
    await client.v1.payment_intents.confirm_async(
        intent,
        {"payment_method": "pm_card_visa_chargeDeclined", "off_session": True},
        {"idempotency_key": f"confirm:{intent}:1"},
    )


def hurry(data: Path) -> None:
    """What was to be delivered in half a minute is due now: a test need not wait."""
    with sqlite3.connect(data) as connection:
        connection.execute("UPDATE deliveries SET due = queued")
    connection.close()
