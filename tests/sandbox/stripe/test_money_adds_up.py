"""Whatever happens, the balance is the sum of its transactions; what needs funds never makes it a debt."""

import contextlib
from typing import Any

import httpx
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.stripe.builders import a_payment, an_account, balance_of
from tests.sandbox.stripe.running import Running

Operation = tuple[str, int]
REFUSED_WITHOUT_FUNDS = ("pay_out", "refund", "transfer")
OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("pay", "pay_later", "fail", "pay_and_dispute"),
                *("transfer", "tied_transfer", "reverse"),
                *("refund", "fail_refund"),
                *("dispute", "inquire", "win", "lose", "escalate", "answer", "accept"),
                *("pay_out", "fail_payout"),
            ]
        ),
        st.integers(50, 9_000),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(operations=OPERATIONS)
async def test_the_balance_is_the_sum_of_its_transactions_whatever_happens(
    sandbox: Running, client: stripe.StripeClient, operations: list[Operation]
) -> None:
    for name, amount in operations:
        before = await balance_of(client)
        with contextlib.suppress(stripe.CardError, stripe.InvalidRequestError, httpx.HTTPStatusError):
            await carry_out(sandbox, client, name, amount)

        after = await steady_balance(client)
        if name in REFUSED_WITHOUT_FUNDS and after[0] < before[0]:
            assert after[0] >= 0
    await every_charge_adds_up(client)


async def steady_balance(client: stripe.StripeClient) -> tuple[int, int]:
    """The balance, which equals the sum of its transactions unless a bank moved money in between."""
    while True:
        before = await balance_of(client)
        summed = await sum_of_transactions(client)
        if await balance_of(client) == before:
            assert before == summed
            return before


async def sum_of_transactions(client: stripe.StripeClient) -> tuple[int, int]:
    sums = {"available": 0, "pending": 0}
    page = await client.v1.balance_transactions.list_async({"limit": 100})
    async for entry in page.auto_paging_iter():
        assert entry.net == entry.amount - entry.fee
        assert entry.fee == sum(detail.amount for detail in entry.fee_details)
        sums[entry.status] += entry.net
    return sums["available"], sums["pending"]


async def every_charge_adds_up(client: stripe.StripeClient) -> None:
    """What was given back of a charge, by refunds and by a dispute that is not won, is never more than it."""
    charges = await client.v1.charges.list_async({"limit": 100})
    async for charge in charges.auto_paging_iter():
        refunds = (await client.v1.refunds.list_async({"charge": charge.id, "limit": 100})).data
        disputes = (await client.v1.disputes.list_async({"charge": charge.id})).data
        standing = sum(refund.amount for refund in refunds if refund.status != "failed")
        withdrawn = -sum(entry.amount for dispute in disputes for entry in dispute.balance_transactions)
        assert charge.amount_refunded == standing
        assert standing + withdrawn <= charge.amount
        assert charge.refunded == (charge.captured and standing == charge.amount)


async def carry_out(sandbox: Running, client: stripe.StripeClient, name: str, amount: int) -> None:
    """On whatever was paid, sent, refunded or disputed last."""
    sandbox.switch("settings", settlement_delay_seconds=3600 if name == "pay_later" else 0, bank_seconds=0)
    newest: Any = {"limit": 1}
    charges = (await client.v1.charges.list_async(newest)).data
    transfers = (await client.v1.transfers.list_async(newest)).data
    refunds = (await client.v1.refunds.list_async(newest)).data
    disputes = (await client.v1.disputes.list_async(newest)).data
    payouts = (await client.v1.payouts.list_async(newest)).data
    match name:
        case "pay" | "pay_later":
            await a_payment(client, amount)
        case "pay_and_dispute":
            await a_payment(client, amount, "pm_card_createDispute")
        case "fail":
            await a_payment(client, amount, "pm_card_chargeCustomerFail")
        case "transfer":
            await transfer(client, amount)
        case "tied_transfer" if charges:
            await transfer(client, amount, source_transaction=charges[0].id)
        case "reverse" if transfers:
            await client.v1.transfers.reversals.create_async(transfers[0].id, {"amount": amount})
        case "refund" if charges:
            await client.v1.refunds.create_async({"charge": charges[0].id, "amount": amount})
        case "fail_refund" if refunds:
            sandbox.act("fail_refund", refund=refunds[0].id)
        case "dispute" | "inquire" if charges:
            sandbox.act("dispute", payment=charges[0].id, inquiry=name == "inquire")
        case "win" | "lose" | "escalate" if disputes:
            outcome = {"win": "won", "lose": "lost", "escalate": "escalated"}[name]
            sandbox.act("decide_dispute", dispute=disputes[0].id, outcome=outcome)
        case "answer" if disputes:
            words = "winning_evidence" if amount % 2 else "losing_evidence"
            await client.v1.disputes.update_async(disputes[0].id, {"evidence": {"uncategorized_text": words}})
        case "accept" if disputes:
            await client.v1.disputes.close_async(disputes[0].id)
        case "pay_out":
            sandbox.act("pay_out")
        case "fail_payout" if payouts:
            sandbox.act("fail_payout", payout=payouts[0].id)


async def transfer(client: stripe.StripeClient, amount: int, **more: Any) -> None:
    parameters: Any = {
        "amount": amount,
        "currency": "eur",
        "destination": await an_account(client),
        **more,
    }
    await client.v1.transfers.create_async(parameters)
