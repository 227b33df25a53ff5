"""Disputes: the cards that open them, their money, their answers and their ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import stripe

from tests.sandbox.stripe.builders import a_payment, balance_of, error_of, event_types, until
from tests.sandbox.stripe.running import Running

FEE = 93  # of Stripe, for 45 €
DISPUTE_FEE = 2_000
COUNTERED_FEE = 2_000


async def a_dispute(client: stripe.StripeClient, card: str = "pm_card_createDispute") -> stripe.Dispute:
    intent = await a_payment(client, 4500, card)
    (dispute,) = (await client.v1.disputes.list_async({"payment_intent": intent.id})).data
    return dispute


async def answer(client: stripe.StripeClient, dispute: stripe.Dispute, words: str) -> stripe.Dispute:
    return await client.v1.disputes.update_async(dispute.id, {"evidence": {"uncategorized_text": words}})


async def ended(client: stripe.StripeClient, dispute: stripe.Dispute, status: str) -> stripe.Dispute:
    async def read() -> stripe.Dispute:
        return await client.v1.disputes.retrieve_async(dispute.id)

    return await until(read, lambda known: known.status == status)


@pytest.fixture(autouse=True)
def _banks_are_quick(sandbox: Running) -> None:
    sandbox.switch("settings", bank_seconds=0)


@pytest.mark.parametrize(
    ("card", "status", "reason", "kind", "code", "withdrawn"),
    [
        ("pm_card_createDispute", "needs_response", "fraudulent", "chargeback", "10.4", 6500),
        (
            "pm_card_createDisputeProductNotReceived",
            "needs_response",
            "product_not_received",
            "chargeback",
            "13.1",
            6500,
        ),
        ("pm_card_createDisputeInquiry", "warning_needs_response", "fraudulent", "inquiry", "10", 0),
    ],
)
async def test_a_card_is_disputed_right_after_the_charge(
    client: stripe.StripeClient, card: str, status: str, reason: str, kind: str, code: str, withdrawn: int
) -> None:
    dispute = await a_dispute(client, card)

    assert dispute.payment_method_details is not None
    details = dispute.payment_method_details.card
    assert details is not None
    charge = await client.v1.charges.retrieve_async(str(dispute.charge))
    due_by = datetime.fromtimestamp(dispute.evidence_details.due_by or 0, UTC)
    day = datetime.fromtimestamp(dispute.created, UTC).date() + timedelta(days=8)
    assert (dispute.status, dispute.reason, dispute.amount) == (status, reason, 4500)
    assert (details.case_type, details.network_reason_code) == (kind, code)
    assert (due_by.date(), due_by.hour, due_by.minute) == (day, 23, 59)
    assert (charge.disputed, charge.status, charge.amount_refunded) == (True, "succeeded", 0)
    assert dispute.is_charge_refundable == (withdrawn == 0)
    assert -sum(entry.net for entry in dispute.balance_transactions) == withdrawn
    assert await balance_of(client) == (4500 - FEE - withdrawn, 0)


async def test_the_amount_and_the_fee_leave_in_one_transaction(client: stripe.StripeClient) -> None:
    dispute = await a_dispute(client)

    (entry,) = (await client.v1.balance_transactions.list_async({"source": dispute.id})).data
    assert (entry.type, entry.reporting_category) == ("adjustment", "dispute")
    assert (entry.amount, entry.fee, entry.net) == (-4500, DISPUTE_FEE, -6500)
    assert [(fee.amount, fee.description) for fee in entry.fee_details] == [(DISPUTE_FEE, "Dispute fee")]
    assert [known.id for known in dispute.balance_transactions] == [entry.id]
    assert (await event_types(client))[-4:] == [
        "charge.succeeded",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "payment_intent.succeeded",
    ]


async def test_a_dispute_won_gives_back_the_amount_and_the_fee_for_answering(
    client: stripe.StripeClient,
) -> None:
    dispute = await a_dispute(client)

    answered = await answer(client, dispute, "winning_evidence")
    won = await ended(client, dispute, "won")

    entries = (await client.v1.balance_transactions.list_async({"source": dispute.id})).data
    assert answered.status == "under_review"
    assert (answered.evidence_details.has_evidence, answered.evidence_details.submission_count) == (True, 1)
    assert [(entry.net, entry.reporting_category) for entry in reversed(entries)] == [
        (-6500, "dispute"),
        (-COUNTERED_FEE, "fee"),
        (4500, "dispute_reversal"),
        (COUNTERED_FEE, "fee"),
    ]
    assert [entry.net for entry in won.balance_transactions] == [-6500, 4500]
    assert won.is_charge_refundable
    assert await balance_of(client) == (4500 - FEE - DISPUTE_FEE, 0)
    assert (await event_types(client))[-5:] == [
        "charge.dispute.updated",
        "charge.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
        "charge.updated",
    ]


async def test_a_dispute_lost_gives_nothing_back(client: stripe.StripeClient) -> None:
    dispute = await a_dispute(client)

    await answer(client, dispute, "losing_evidence")
    lost = await ended(client, dispute, "lost")

    assert not lost.is_charge_refundable
    assert await balance_of(client) == (4500 - FEE - 4500 - DISPUTE_FEE - COUNTERED_FEE, 0)
    assert (await event_types(client))[-2:] == ["charge.dispute.closed", "charge.updated"]


async def test_a_dispute_that_is_accepted_is_lost_at_once_without_the_second_fee(
    client: stripe.StripeClient,
) -> None:
    dispute = await a_dispute(client)

    closed = await client.v1.disputes.close_async(dispute.id)
    refusals = []
    for again in (client.v1.disputes.close_async(dispute.id), answer(client, dispute, "winning_evidence")):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            await again
        refusals.append(refusal.value.user_message)

    assert closed.status == "lost"
    assert refusals == ["This dispute is already closed"] * 2
    assert await balance_of(client) == (4500 - FEE - 4500 - DISPUTE_FEE, 0)


async def test_evidence_is_staged_until_it_is_submitted_and_read_once(client: stripe.StripeClient) -> None:
    dispute = await a_dispute(client)

    staged = await client.v1.disputes.update_async(
        dispute.id, {"evidence": {"customer_name": "Claire"}, "metadata": {"invoice": "1"}, "submit": False}
    )
    sent = await client.v1.disputes.update_async(dispute.id, {"submit": True})
    with pytest.raises(stripe.InvalidRequestError):
        await answer(client, dispute, "trop tard")
    noted = await client.v1.disputes.update_async(dispute.id, {"metadata": {"seen": "1"}})

    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    assert (sent.status, sent.evidence.customer_name) == ("under_review", "Claire")
    assert noted.to_dict()["metadata"] == {"invoice": "1", "seen": "1"}
    assert (noted.evidence.uncategorized_text, noted.evidence_details.submission_count) == (None, 1)


async def test_an_answer_without_evidence_is_refused(client: stripe.StripeClient) -> None:
    dispute = await a_dispute(client)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.disputes.update_async(dispute.id, {"submit": True})

    assert refusal.value.param == "evidence"
    assert (await client.v1.disputes.retrieve_async(dispute.id)).status == "needs_response"


@pytest.mark.parametrize("words", ["winning_evidence", "losing_evidence"])
async def test_an_inquiry_answered_ends_without_money_moving(client: stripe.StripeClient, words: str) -> None:
    dispute = await a_dispute(client, "pm_card_createDisputeInquiry")

    answered = await answer(client, dispute, words)
    closed = await ended(client, dispute, "warning_closed")

    assert (answered.status, closed.balance_transactions) == ("warning_under_review", [])
    assert await balance_of(client) == (4500 - FEE, 0)
    assert "charge.dispute.funds_withdrawn" not in await event_types(client)


async def test_an_inquiry_escalated_is_a_chargeback_to_answer_anew(client: stripe.StripeClient) -> None:
    dispute = await a_dispute(client, "pm_card_createDisputeInquiry")

    await answer(client, dispute, "escalate_inquiry_evidence")
    escalated = await ended(client, dispute, "needs_response")

    assert escalated.payment_method_details is not None
    assert escalated.payment_method_details.card is not None
    assert escalated.payment_method_details.card.case_type == "chargeback"
    assert escalated.evidence_details.submission_count == 0
    assert [entry.net for entry in escalated.balance_transactions] == [-6500]
    assert (await event_types(client))[-2:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]


async def test_a_charge_charged_back_is_not_refunded_until_the_dispute_is_won(
    client: stripe.StripeClient,
) -> None:
    await a_payment(client, 9000)
    dispute = await a_dispute(client)
    part: Any = {"payment_intent": str(dispute.payment_intent), "amount": 100}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await client.v1.refunds.create_async(part)
    await answer(client, dispute, "winning_evidence")
    await ended(client, dispute, "won")
    refund = await client.v1.refunds.create_async(part)

    assert error_of(refusal.value) == {"type": "invalid_request_error", "code": "charge_disputed"}
    assert refund.status == "succeeded"


async def test_a_whole_refund_ends_an_inquiry(client: stripe.StripeClient) -> None:
    await a_payment(client, 9000)
    dispute = await a_dispute(client, "pm_card_createDisputeInquiry")

    await client.v1.refunds.create_async({"payment_intent": str(dispute.payment_intent)})

    assert (await client.v1.disputes.retrieve_async(dispute.id)).status == "warning_closed"


async def test_an_operator_disputes_and_decides_by_hand(
    sandbox: Running, client: stripe.StripeClient
) -> None:
    intent = await a_payment(client, 4500, "pm_card_mastercard")

    opened = sandbox.act("dispute", payment=intent.id, reason="product_unacceptable", amount=1000)
    with pytest.raises(httpx.HTTPStatusError):
        sandbox.act("dispute", payment=intent.id)
    won = sandbox.act("decide_dispute", dispute=opened["id"], outcome="won")
    with pytest.raises(httpx.HTTPStatusError):
        sandbox.act("decide_dispute", dispute=opened["id"], outcome="lost")

    card = opened["payment_method_details"]["card"]
    assert (opened["amount"], card["network_reason_code"], won["status"]) == (1000, "4853", "won")
    assert await balance_of(client) == (4500 - FEE - DISPUTE_FEE, 0)
