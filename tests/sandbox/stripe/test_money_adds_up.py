"""Whatever happens, the balance is the sum of its transactions; what needs funds never makes it a debt."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
import stripe
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.sandbox.stripe.builders import a_payment, an_account, balance_of
from tests.sandbox.stripe.running import Running, sandbox_in_a_thread

Operation = tuple[str, int]
REFUSED_WITHOUT_FUNDS = ("pay_out", "refund", "transfer")
# In an order in which each finds something to be carried out on.
ONE_OF_EACH = (
    *("fail_refund", "answer_well", "pay_out", "fail_payout", "pay_and_dispute", "answer_badly"),
    *("pay", "inquire", "escalate", "win", "pay_and_dispute", "accept", "pay", "dispute", "lose"),
    *("reverse", "pay_later", "tied_transfer", "fail"),
)
OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("pay", "pay_later", "fail", "pay_and_dispute"),
                *("transfer", "tied_transfer", "reverse"),
                *("refund", "fail_refund"),
                *("dispute", "inquire", "win", "lose", "escalate", "accept"),
                *("answer_well", "answer_badly"),
                *("pay_out", "fail_payout"),
            ]
        ),
        st.integers(50, 9_000),
    ),
    min_size=2,
    max_size=14,
)


def examples(count: int, *, repeatable: bool) -> settings:
    # Without shrinking: each try is a server of its own, and what is found is a dozen readable words.
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=repeatable,
        phases=[Phase.explicit, Phase.generate],
        print_blob=True,
    )


@examples(10, repeatable=True)
@given(operations=OPERATIONS)
@example(operations=[(name, 700) for name in ONE_OF_EACH])
async def test_the_balance_is_the_sum_of_its_transactions_whatever_happens(
    operations: list[Operation],
) -> None:
    await play(operations)


@pytest.mark.soak
@examples(100, repeatable=False)
@given(operations=OPERATIONS)
async def test_the_balance_is_the_sum_of_its_transactions_many_times(
    operations: list[Operation],
) -> None:
    await play(operations)


@contextmanager
def sandbox_in_a_directory() -> Iterator[Running]:
    """Its files may still be written to for a moment when it has ended."""
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as directory,
        sandbox_in_a_thread(Path(directory) / "stripe.sqlite") as sandbox,
    ):
        yield sandbox


async def play(operations: list[Operation]) -> None:
    with sandbox_in_a_directory() as sandbox:
        await carry_out_all(sandbox, sandbox.client(), operations)


# So that most operations find something to be carried out on.
BEFORE = (("pay", 20_000), ("refund", 500), ("transfer", 300), ("pay_and_dispute", 4_000))


async def carry_out_all(sandbox: Running, client: stripe.StripeClient, operations: list[Operation]) -> None:
    for name, amount in BEFORE:
        await carry_out(sandbox, client, name, amount)
    for name, amount in operations:
        before = await balance_of(client)
        with suppress(stripe.CardError, stripe.InvalidRequestError, httpx.HTTPStatusError):
            await carry_out(sandbox, client, name, amount)

        after = await balance_of(client)
        if name in REFUSED_WITHOUT_FUNDS and after[0] < before[0]:
            assert after[0] >= 0
    await require_that_the_balance_is_the_sum(client)
    await every_charge_adds_up(client)


async def require_that_the_balance_is_the_sum(client: stripe.StripeClient) -> None:
    """Of its transactions, and of what the objects say. Read again if a bank moved money meanwhile."""
    before = None
    while before != (after := await balance_of(client)):
        before = after
        summed = await sum_of_transactions(client)
        told = await sum_of_objects(client)
    assert summed == after
    assert told == sum(after)


async def sum_of_transactions(client: stripe.StripeClient) -> tuple[int, int]:
    sums = {"available": 0, "pending": 0}
    async for entry in everything(client.v1.balance_transactions):
        assert entry.net == entry.amount - entry.fee
        assert entry.fee == sum(detail.amount for detail in entry.fee_details)
        sums[entry.status] += entry.net
    return sums["available"], sums["pending"]


async def sum_of_objects(client: stripe.StripeClient) -> int:
    """What the platform should have, from its charges, refunds, disputes, transfers and payouts."""
    total = 0
    async for charge in everything(client.v1.charges):
        fee = (charge.amount * 150 + 5_000) // 10_000 + 25
        total += charge.amount - fee if charge.status == "succeeded" else 0
    async for refund in everything(client.v1.refunds):
        total -= refund.amount if refund.balance_transaction and refund.status != "failed" else 0
    async for dispute in everything(client.v1.disputes):
        total -= cost_of(dispute)
    async for transfer in everything(client.v1.transfers):
        total -= transfer.amount - transfer.amount_reversed
    async for payout in everything(client.v1.payouts):
        total -= payout.amount if payout.status != "failed" else 0
    return total


def cost_of(dispute: stripe.Dispute) -> int:
    """Nothing for an inquiry; the fee alone for one that was won, and both fees where it was answered."""
    if dispute.status.startswith("warning_"):
        return 0
    if dispute.status == "won":
        return 2_000
    return dispute.amount + 2_000 + 2_000 * dispute.evidence_details.submission_count


async def everything(service: Any) -> AsyncIterator[Any]:
    async for object_ in (await service.list_async({"limit": 100})).auto_paging_iter():
        yield object_


async def every_charge_adds_up(client: stripe.StripeClient) -> None:
    """What was given back of a charge, by refunds and by a dispute that is not won, is never more than it."""
    async for charge in everything(client.v1.charges):
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
    match name:
        case "pay" | "pay_later":
            await a_payment(client, amount)
        case "pay_and_dispute":
            await a_payment(client, amount, "pm_card_createDispute")
        case "fail":
            await a_payment(client, amount, "pm_card_chargeCustomerFail")
        case "transfer":
            await send(client, amount)
        case "tied_transfer":
            await send(client, amount, source_transaction=await newest(client.v1.charges))
        case "reverse":
            sent = await newest(client.v1.transfers)
            await client.v1.transfers.reversals.create_async(sent, {"amount": amount})
        case "refund":
            charge = await newest(client.v1.charges)
            await client.v1.refunds.create_async({"charge": charge, "amount": amount})
        case "fail_refund":
            sandbox.act("fail_refund", refund=await newest(client.v1.refunds))
        case "dispute" | "inquire":
            charge = await newest(client.v1.charges)
            sandbox.act("dispute", payment=charge, inquiry=name == "inquire")
        case "win" | "lose" | "escalate":
            outcome = {"win": "won", "lose": "lost", "escalate": "escalated"}[name]
            sandbox.act("decide_dispute", dispute=await newest(client.v1.disputes), outcome=outcome)
        case "answer_well" | "answer_badly":
            words = "winning_evidence" if name == "answer_well" else "losing_evidence"
            disputed = await newest(client.v1.disputes)
            await client.v1.disputes.update_async(disputed, {"evidence": {"uncategorized_text": words}})
        case "accept":
            await client.v1.disputes.close_async(await newest(client.v1.disputes))
        case "pay_out":
            sandbox.act("pay_out")
        case "fail_payout":
            sandbox.act("fail_payout", payout=await newest(client.v1.payouts))


async def newest(service: Any) -> str:
    """Of this kind; where there is none yet, an id that is refused."""
    found = (await service.list_async({"limit": 1})).data
    return str(found[0].id) if found else "unknown"


async def send(client: stripe.StripeClient, amount: int, **more: Any) -> None:
    parameters: Any = {
        "amount": amount,
        "currency": "eur",
        "destination": await an_account(client),
        **more,
    }
    await client.v1.transfers.create_async(parameters)
