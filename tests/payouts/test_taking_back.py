"""Finance takes a transfer back: once for each time it asks, whatever dies or does not answer meanwhile."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.ids import transfer_workflow_id
from domain.payouts import TechnicianPaid
from tests.payouts.builders import a_gain
from tests.payouts.conftest import Finance
from tests.payouts.taking_back import (
    KEYS,
    MONTH,
    a_paid_technician,
    asked_by_finance,
    books,
    key_of,
    payout,
    postings,
    refused_with,
    take_back,
    taken_back,
    transfer_of,
    violations,
)
from tests.support.stripe_sandbox import refused_by_stripe


async def test_finance_takes_a_transfer_back_once(finance: Finance) -> None:
    technician, owed = await a_paid_technician(finance)
    first, asked = transfer_of(finance, technician), asked_by_finance(finance)
    finance.payments.kills_of_reversals = 2
    for _ in range(2):
        await take_back(finance, technician, asked, "the-same")
        assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
    requests = (
        "SELECT key, transfer, attempt, n, actor_id::text, reason_id::text, refusal FROM reversal_requests"
    )
    request = ("the-same", first, 1, 1, asked.actor_id, asked.reason_id, None)
    assert finance.database.rows(requests) == [request]
    assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]
    assert await refused_with(finance, technician) == ("not_paid_by_provider", {})

    # Paid again since, it is not taken back by a repetition.
    assert (await finance.run(MONTH)).technicians == (TechnicianPaid(technician, owed),)
    await take_back(finance, technician, asked, "the-same")
    assert (payout(finance, technician)[0], books(finance, technician)) == ("paid", 0)
    # The second one may be: under a key of its own.
    await take_back(finance, technician)
    assert (payout(finance, technician)[2:4], books(finance, technician)) == (("transfer_reversed", 2), owed)
    assert await violations(finance) == taken_back(technician)


async def test_a_provider_that_does_not_answer_is_told_and_what_it_did_is_entered(
    environment: WorkflowEnvironment, finance: Finance
) -> None:
    technician, owed = await a_paid_technician(finance)
    finance.payments.kills_of_reversals = 1_000
    asking = asyncio.create_task(refused_with(finance, technician))
    async with asyncio.timeout(30):
        while finance.payments.kills_of_reversals == 1_000:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.02)
    handle = finance.client.get_workflow_handle(transfer_workflow_id(key_of(technician)))
    await environment.fast_forward(handle, timedelta(seconds=61))
    assert await asking == ("provider_away", {})
    assert payout(finance, technician) == ("failed", None, "transfer_reversed", 1, False)
    assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]


async def test_a_key_that_stripe_has_forgotten_takes_back_once(
    finance: Finance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Done, and nobody knows; a day later Stripe does not know the key any more, and is looked at first."""
    technician, owed = await a_paid_technician(finance)
    transfer = transfer_of(finance, technician)
    monkeypatch.setattr("domain.ids.reversal_key", lambda *_: f"another-{next(KEYS)}")
    finance.payments.kills_of_reversals = 1
    await take_back(finance, technician)
    [known] = await finance.payments.transfers_of(key_of(technician))
    assert (known.reference, [one.amount_cents for one in known.reversals]) == (transfer, [owed])


async def test_money_that_is_no_longer_in_the_technicians_account_is_a_refusal_for_its_try(
    finance: Finance, monkeypatch: pytest.MonkeyPatch
) -> None:
    technician, owed = await a_paid_technician(finance)
    transfer, reversals_of = transfer_of(finance, technician), finance.payments._stripe.transfers.reversals
    create, keys = reversals_of.create_async, []

    async def unfunded(reference: str, params: Any, options: Any) -> Any:
        keys.append(options["idempotency_key"])
        raise refused_by_stripe(codes.pop(0))

    for code, refused in (
        ("balance_insufficient", "reversal_unfunded"),
        ("something_new", "reversal_refused"),
    ):
        codes = [code]
        monkeypatch.setattr(type(reversals_of), "create_async", lambda _, *given: unfunded(*given))
        assert await refused_with(finance, technician) == (refused, {"reason": code})
        assert payout(finance, technician) == ("paid", transfer, None, 1, True)
    monkeypatch.setattr(type(reversals_of), "create_async", lambda _, *given: create(*given))
    assert keys == [f"reversal:{key_of(technician)}:1:{n}" for n in (1, 2)]
    rows = finance.database.rows("SELECT n, refusal FROM reversal_requests ORDER BY n")
    assert rows == [(1, "balance_insufficient"), (2, "something_new")]
    await take_back(finance, technician)
    assert books(finance, technician) == owed


async def test_a_run_and_a_reversal_at_the_same_moment_pay_once(finance: Finance) -> None:
    technician, _ = await a_paid_technician(finance)
    a_gain(finance.database, technician, "2025-10-06 10:00")
    for n in range(3):
        handle, _ = await asyncio.gather(
            finance.start(MONTH, key=f"race:{technician}:{n}"), take_back(finance, technician)
        )
        await handle.result()
        # What the run did not see as unpaid is for the next.
        await finance.run(MONTH)
        standing = [
            one
            for one in await finance.payments.transfers_of(key_of(technician))
            if sum(part.amount_cents for part in one.reversals) < one.amount_cents
        ]
        assert [one.reference for one in standing] == [transfer_of(finance, technician)]
        assert (payout(finance, technician)[0], books(finance, technician)) == ("paid", 0)
        assert await violations(finance) == {}


async def test_finance_asks_twice_at_the_same_moment(finance: Finance) -> None:
    technician, owed = await a_paid_technician(finance)
    answers = await asyncio.gather(
        *(take_back(finance, technician) for _ in range(3)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == [
        "NoneType",
        "WorkflowUpdateFailedError",
        "WorkflowUpdateFailedError",
    ]
    assert books(finance, technician) == owed
    assert postings(finance, technician) == [("transfer", -owed), ("transfer-reversed", owed)]
