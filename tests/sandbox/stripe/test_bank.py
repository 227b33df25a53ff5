"""What banks do in their own time, whatever happened in between."""

import sqlite3
import time

import stripe

from deploy.sandbox.stripe import bank
from deploy.sandbox.stripe.store import Store
from tests.sandbox.stripe.builders import a_payment, event_types
from tests.sandbox.stripe.running import Running

EIGHT_DAYS_AND_MORE = 9 * 86_400


def let_time_pass(sandbox: Running, seconds: float) -> None:
    store = Store(sandbox.data)
    bank.carry_out_due(store, sandbox.url, time.time() + seconds)
    store.close()


def scheduled(sandbox: Running) -> list[str]:
    with sqlite3.connect(sandbox.data) as connection:
        kinds = [row[0] for row in connection.execute("SELECT kind FROM scheduled")]
    connection.close()
    return kinds


async def test_a_dispute_not_answered_in_time_is_lost(sandbox: Running, client: stripe.StripeClient) -> None:
    for card in ("pm_card_createDispute", "pm_card_createDisputeInquiry"):
        await a_payment(client, 4500, card)

    let_time_pass(sandbox, EIGHT_DAYS_AND_MORE)

    disputes = (await client.v1.disputes.list_async()).data
    assert [(dispute.status, dispute.evidence_details.past_due) for dispute in disputes] == [
        ("warning_closed", True),
        ("lost", True),
    ]
    assert scheduled(sandbox) == []


async def test_one_that_was_answered_waits_for_the_bank(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    await a_payment(client, 4500, "pm_card_createDispute")
    (dispute,) = (await client.v1.disputes.list_async()).data
    await client.v1.disputes.update_async(dispute.id, {"evidence": {"customer_name": "Claire"}})

    let_time_pass(sandbox, EIGHT_DAYS_AND_MORE)

    assert (await client.v1.disputes.retrieve_async(dispute.id)).status == "under_review"


async def test_what_was_decided_by_hand_meanwhile_stays_decided(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    sandbox.switch("settings", bank_seconds=3600)
    await a_payment(client, 4500, "pm_card_createDispute")
    (dispute,) = (await client.v1.disputes.list_async()).data
    await client.v1.disputes.update_async(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}}
    )
    sandbox.act("decide_dispute", dispute=dispute.id, outcome="lost")

    let_time_pass(sandbox, EIGHT_DAYS_AND_MORE)

    assert (await client.v1.disputes.retrieve_async(dispute.id)).status == "lost"
    assert (await event_types(client)).count("charge.dispute.closed") == 1
    assert scheduled(sandbox) == []
