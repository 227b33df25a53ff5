"""Taking transfers back at Stripe: looked at first, asked for once, told whole."""

from typing import Any

import pytest

from activities.gateways.payments import PaymentsBroken, ReversalRefused, TransferSent
from activities.gateways.stripe_payments import StripePayments
from domain.reversals import Reversal, SentTransfer
from tests.activities.conftest import Stripe
from tests.activities.test_stripe_transfers import DETAILS, fund
from tests.support.stripe_sandbox import refused_by_stripe

CENTS = 2_400


async def a_transfer(payments: StripePayments, stripe: Stripe, attempt: int = 1) -> str:
    await fund(payments, stripe)
    account = await payments.open_account(stripe.technician, DETAILS)
    sent = await payments.transfer(payout=stripe.payout, attempt=attempt, account=account, amount_cents=CENTS)
    assert isinstance(sent, TransferSent)
    return sent.transfer


async def take_back(payments: StripePayments, stripe: Stripe, transfer: str, n: int = 1) -> Any:
    return await payments.take_back(transfer=transfer, payout=stripe.payout, attempt=1, n=n)


async def amounts(payments: StripePayments, stripe: Stripe) -> list[list[int]]:
    """What was taken back of each transfer of the payout."""
    known = await payments.transfers_of(stripe.payout)
    return [[part.amount_cents for part in one.reversals] for one in known]


async def test_every_transfer_of_a_payout_is_told_with_all_its_reversals(
    payments: StripePayments, stripe: Stripe
) -> None:
    first = await a_transfer(payments, stripe)
    # More than Stripe shows on the transfer itself.
    parts = [str(stripe.post(f"/v1/transfers/{first}/reversals", amount="100")["id"]) for _ in range(12)]
    rest = str(stripe.post(f"/v1/transfers/{first}/reversals")["id"])
    second = await a_transfer(payments, stripe, attempt=2)
    assert await payments.transfers_of(stripe.payout) == [
        SentTransfer(first, CENTS, (*(Reversal(part, 100) for part in parts), Reversal(rest, CENTS - 1_200))),
        SentTransfer(second, CENTS),
    ]


async def test_all_that_is_left_is_taken_back_once(payments: StripePayments, stripe: Stripe) -> None:
    transfer = await a_transfer(payments, stripe)
    stripe.post(f"/v1/transfers/{transfer}/reversals", amount="400")
    for n in (1, 1, 2):
        assert await take_back(payments, stripe, transfer, n) is None
    assert await amounts(payments, stripe) == [[400, CENTS - 400]]
    [newest, _] = stripe.get(f"/v1/transfers/{transfer}/reversals")["data"]
    assert newest["metadata"] == {"payout": stripe.payout}


@pytest.mark.parametrize("lifetime", [86_400, 0])
async def test_an_answer_lost_on_the_way_takes_back_once(
    payments: StripePayments, stripe: Stripe, lifetime: int
) -> None:
    transfer = await a_transfer(payments, stripe)
    stripe.switch(lose_answers=1, idempotency_lifetime_seconds=lifetime)
    with pytest.raises(PaymentsBroken):
        await take_back(payments, stripe, transfer)
    assert await take_back(payments, stripe, transfer) is None
    assert await amounts(payments, stripe) == [[CENTS]]


async def test_what_somebody_else_takes_back_at_that_moment_is_taken_back(
    payments: StripePayments, stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = await a_transfer(payments, stripe)
    reversals_of = type(payments._stripe.transfers.reversals)
    create = reversals_of.create_async

    async def overtaken(self: Any, *given: Any) -> Any:
        stripe.post(f"/v1/transfers/{transfer}/reversals")
        return await create(self, *given)

    monkeypatch.setattr(reversals_of, "create_async", overtaken)
    assert await take_back(payments, stripe, transfer) is None
    assert await amounts(payments, stripe) == [[CENTS]]


async def test_a_refusal_is_told_by_its_code(
    payments: StripePayments, stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = await a_transfer(payments, stripe)

    async def refused(*_: Any) -> Any:
        raise refused_by_stripe("balance_insufficient")

    monkeypatch.setattr(type(payments._stripe.transfers.reversals), "create_async", refused)
    assert await take_back(payments, stripe, transfer) == ReversalRefused("balance_insufficient")
    assert await amounts(payments, stripe) == [[]]
