"""What goes wrong at a month's end: it delays a payout or names a reason, and never pays twice."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.testing import WorkflowEnvironment

from domain.payouts import TechnicianPaid
from tests.payouts.builders import SLICE_CENTS, a_gain
from tests.payouts.conftest import Finance
from tests.support.temporal import replay
from workflows.payouts.run import PayoutRunWorkflow

PAST = {
    "gains": "amount_cents",
    "statements": "total_cents",
    "gain_claims": "statement",
    "ledger_transactions": "at",
    "ledger_lines": "amount_cents",
}


async def test_a_refused_transfer_is_paid_exactly_by_the_rerun(finance: Finance) -> None:
    technician = await finance.a_technician()
    more_than_there_is = finance.balance() // SLICE_CENTS + 1
    owed = a_gain(finance.database, technician, "2025-10-05 10:00", slices=more_than_there_is)
    key = f"payout:2025-10:{technician}:1"

    for attempts in (1, 2):
        result = await finance.run("2025-10")
        assert result.technicians == (TechnicianPaid(technician, 0, "balance_insufficient"),)
        assert payouts(finance) == [(key, "failed", "balance_insufficient", attempts)]
    assert finance.ledger(f"401:{technician}") == -owed

    await finance.fund(100_000)
    result = await finance.run("2025-10")
    assert result.technicians == (TechnicianPaid(technician, owed),)
    assert payouts(finance) == [(key, "paid", None, 3)]
    assert finance.transfers() == [(key, owed)]
    assert finance.statements() == [(key, 1, owed, "paid")]
    assert finance.ledger(f"401:{technician}") == 0
    assert (await finance.run("2025-10")).technicians == ()


async def test_a_worker_killed_between_stripes_yes_and_our_record_pays_once(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    owed = a_gain(finance.database, technician, "2025-10-05 10:00")
    finance.payments.kills = 2
    result = await finance.run("2025-10")
    assert result.technicians == (TechnicianPaid(technician, owed),)
    assert finance.payments.asked == 3
    assert finance.transfers() == [(f"payout:2025-10:{technician}:1", owed)]
    assert payouts(finance) == [(f"payout:2025-10:{technician}:1", "paid", None, 1)]


async def test_a_run_terminated_between_stripes_yes_and_our_record_pays_once(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    owed = a_gain(finance.database, technician, "2025-10-05 10:00")
    finance.payments.kills = 1_000
    handle = await finance.start("2025-10")
    await finance.payments.killed.wait()
    await handle.terminate()
    assert [status for _, status, _, _ in payouts(finance)] == ["to_send"]

    finance.payments.kills = 0
    result = await finance.run("2025-10")
    assert result.technicians == (TechnicianPaid(technician, owed),)
    assert finance.transfers() == [(f"payout:2025-10:{technician}:1", owed)]
    assert finance.ledger(f"401:{technician}") == 0


async def test_a_provider_away_for_hours_is_told_and_a_rerun_goes_on_with_the_same_attempt(
    environment: WorkflowEnvironment, finance: Finance
) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    owed = a_gain(finance.database, technician, "2025-10-05 10:00")
    key = f"payout:2025-10:{technician}:1"
    finance.payments.kills = 1_000
    handle = await finance.start("2025-10")
    await finance.payments.killed.wait()
    child = finance.client.get_workflow_handle(f"payouts/2025-10/{technician}")
    await environment.fast_forward(child, timedelta(hours=7))
    result = await handle.result()
    assert result.technicians == (TechnicianPaid(technician, 0, "provider_unavailable"),)
    assert payouts(finance) == [(key, "to_send", "provider_unavailable", 0)]

    finance.payments.kills = 0
    assert (await finance.run("2025-10")).technicians == (TechnicianPaid(technician, owed),)
    assert payouts(finance) == [(key, "paid", None, 1)]
    assert finance.transfers() == [(key, owed)]


async def test_one_failing_technician_stops_nobody_else(finance: Finance) -> None:
    await finance.fund(100_000)
    paid, unknown, without = [await finance.a_technician(account=index == 0) for index in range(3)]
    finance.set_account(unknown, "acct_closed")
    for technician in (paid, unknown, without):
        a_gain(finance.database, technician, "2025-10-05 10:00")

    result = await finance.run("2025-10")

    assert set(result.technicians) == {
        TechnicianPaid(paid, 1_600),
        TechnicianPaid(unknown, 0, "resource_missing"),
        TechnicianPaid(without, 0, "account_missing"),
    }
    assert [amount for _, amount in finance.transfers()] == [1_600]
    claimed = {
        technician for (technician,) in finance.database.rows("SELECT technician_id::text FROM statements")
    }
    assert claimed == {paid, unknown}

    await finance.open_account(unknown)
    await finance.open_account(without)
    result = await finance.run("2025-10")
    assert set(result.technicians) == {TechnicianPaid(unknown, 1_600), TechnicianPaid(without, 1_600)}
    assert len(finance.transfers()) == 3


async def test_the_database_refuses_a_gain_on_two_statements(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    a_gain(finance.database, technician, "2025-10-05 10:00")
    await finance.run("2025-10")
    again = "INSERT INTO gain_claims (gain_id, statement) SELECT gain_id, statement FROM gain_claims"
    with finance.database.connect("omea_worker") as worker, pytest.raises(psycopg.errors.UniqueViolation):
        worker.execute(again)


async def test_the_database_refuses_to_change_the_past(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    a_gain(finance.database, technician, "2025-10-05 10:00")
    await finance.run("2025-10")
    before = finance.database.counts()
    refusals = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)
    for role in ("omea_owner", "omea_worker", "omea_api"):
        with finance.database.connect(role) as connection:
            for table, column in PAST.items():
                for act in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
                    with pytest.raises(refusals):
                        connection.execute(act)
    assert finance.database.counts() == before


def payouts(finance: Finance) -> list[tuple[str, str, str | None, int]]:
    return [
        (key, status, failure, attempts)
        for key, status, failure, attempts in finance.database.rows(
            "SELECT key, status, failure, attempts FROM payouts ORDER BY key"
        )
    ]


async def test_a_scheduled_run_waits_for_the_balance_and_says_so(
    environment: WorkflowEnvironment, finance: Finance
) -> None:
    """The others are paid at once; a run asked for by hand meanwhile is told that one is open."""
    await finance.fund(10_000)
    short, paid = await finance.a_technician(), await finance.a_technician()
    more_than_there_is = finance.balance() // SLICE_CENTS + 10
    owed = a_gain(finance.database, short, "2025-10-05 10:00", slices=more_than_there_is)
    a_gain(finance.database, paid, "2025-10-05 10:00")
    handle = await finance.start("2025-10", waits_until=datetime.now(UTC) + timedelta(days=7))
    async with asyncio.timeout(30):
        # The run tells nobody that it waits.
        while not (progress := await handle.query(PayoutRunWorkflow.progress)) or not progress.waits_until:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert (progress.n, progress.technicians, set(progress.done)) == (
        1,
        2,
        {TechnicianPaid(short, 0, "balance_insufficient"), TechnicianPaid(paid, 800 * 2)},
    )
    with pytest.raises(WorkflowAlreadyStartedError):
        await finance.start("2025-10")
    await finance.fund(2 * owed)
    await environment.fast_forward(handle, timedelta(hours=1, minutes=1))
    result = await handle.result()
    assert set(result.technicians) == {TechnicianPaid(short, owed), TechnicianPaid(paid, 1_600)}
    assert len(finance.transfers()) == 2
    await replay(await handle.fetch_history())
