"""Bugs that others shipped around a payment provider, each tried on ours. The names are theirs."""

import asyncio
from dataclasses import replace

import pytest

from activities.gateways.payments import (
    Charged,
    PaymentsBroken,
    TransferRefused,
    TransferSent,
)
from activities.gateways.stripe_payments import StripePayments
from domain.refunds import SentBack
from tests.activities.conftest import Stripe
from tests.activities.test_stripe_payments import an_intent
from tests.activities.test_stripe_transfers import DETAILS, fund, transfers


async def test_the_same_key_after_a_refund_pays_twice_elizaos_11022(
    payments: StripePayments, stripe: Stripe
) -> None:
    """The provider has forgotten the key, and the money went back: asking again must not collect again."""
    intent, card = await an_intent(payments, stripe, "pm_card_bypassPending")
    assert await payments.charge(intent=intent, invoice=stripe.invoice, attempt=1, card=card) == Charged()
    key = f"refund:{stripe.invoice}:1:1"
    sent = await payments.refund(intent=intent, key=key, invoice=stripe.invoice, amount_cents=1500)
    assert isinstance(sent, SentBack)
    stripe.switch(idempotency_lifetime_seconds=0)
    assert await payments.charge(intent=intent, invoice=stripe.invoice, attempt=1, card=card) == Charged()
    again = await payments.refund(intent=intent, key=key, invoice=stripe.invoice, amount_cents=1500)
    assert again == sent
    [charge] = stripe.get("/v1/charges", payment_intent=intent)["data"]
    assert charge["amount_refunded"] == 1500


async def test_a_transfer_made_whose_id_was_lost_before_a_429_gumroad_6620(
    payments: StripePayments, stripe: Stripe
) -> None:
    """The answer is lost, the provider is busy, the key has expired: the first transfer is found."""
    await fund(payments, stripe)
    account = await payments.open_account(stripe.technician, DETAILS)
    stripe.switch(lose_answers=1)
    with pytest.raises(PaymentsBroken):
        await payments.transfer(payout=stripe.payout, attempt=1, account=account, amount_cents=2_400)
    stripe.switch(idempotency_lifetime_seconds=0)
    found = await asyncio.gather(
        *(
            payments.transfer(payout=stripe.payout, attempt=attempt, account=account, amount_cents=2_400)
            for attempt in (1, 1, 2)
        )
    )
    [(reference, *_)] = transfers(stripe)
    assert found == [TransferSent(reference)] * 3


@pytest.mark.parametrize("what", ["charge", "refund", "transfer"])
async def test_a_key_that_expired_is_not_sent_again_before_asking_pay_connector_3962(
    payments: StripePayments, stripe: Stripe, what: str
) -> None:
    """Done, unanswered, and forgotten a day later: the provider is asked before anything is sent again."""
    await fund(payments, stripe)
    account = await payments.open_account(stripe.technician, DETAILS)
    paid = stripe.get("/v1/payment_intents", limit=1)["data"][0]["id"]
    intent, card = await an_intent(payments, replace(stripe, test=stripe.test + 50_000), "pm_card_visa")

    async def step() -> object:
        match what:
            case "charge":
                return await payments.charge(intent=intent, invoice="F2026-9", attempt=1, card=card)
            case "refund":
                return await payments.refund(
                    intent=paid, key="refund:F2026-9:1:1", invoice="F2026-9", amount_cents=700
                )
            case _:
                return await payments.transfer(
                    payout=stripe.payout, attempt=1, account=account, amount_cents=700
                )

    stripe.switch(lose_answers=1, idempotency_lifetime_seconds=0)
    with pytest.raises(PaymentsBroken):
        await step()
    first, second = await step(), await step()
    assert first == second
    assert len(stripe.get("/v1/charges", payment_intent=intent)["data"]) == (what == "charge")
    assert len(stripe.get("/v1/refunds", payment_intent=paid)["data"]) == (what == "refund")
    assert len(transfers(stripe)) == (what == "transfer")


async def test_a_key_reused_with_another_amount_liberapay_1533(
    payments: StripePayments, stripe: Stripe
) -> None:
    """The first amount stands, and people are told; the second is never sent beside it."""
    await fund(payments, stripe)
    account = await payments.open_account(stripe.technician, DETAILS)
    await payments.transfer(payout=stripe.payout, attempt=1, account=account, amount_cents=2_400)
    for lifetime in (86_400, 0):
        stripe.switch(idempotency_lifetime_seconds=lifetime)
        answer = await payments.transfer(payout=stripe.payout, attempt=1, account=account, amount_cents=2_500)
        assert answer == TransferRefused("transfer_of_another_amount")
    [(_, _, amount, _)] = transfers(stripe)
    assert amount == 2_400
