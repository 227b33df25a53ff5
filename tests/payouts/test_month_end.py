"""A month's end: every technician is paid what they earned, once, and the books agree to the cent."""

import asyncio

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from db.engine import create_engine, sessions
from db.reads.claimable_gains import ClaimableTotal, claimable_totals
from domain.payouts import PayoutRunResult, TechnicianPaid, parse_month
from tests.payouts.builders import a_gain
from tests.payouts.conftest import Finance


async def two_technicians(finance: Finance) -> list[str]:
    """In the order of a run's result."""
    return sorted([await finance.a_technician(), await finance.a_technician()])


async def preview(finance: Finance, month: str) -> list[ClaimableTotal]:
    engine = create_engine(finance.database.url("omea_worker"))
    try:
        async with sessions(engine).begin() as session:
            return await claimable_totals(session, parse_month(month).next().start)
    finally:
        await engine.dispose()


async def test_two_technicians_are_paid_once_and_a_rerun_pays_nothing(finance: Finance) -> None:
    await finance.fund(100_000)
    first, second = await two_technicians(finance)
    owed = {
        first: a_gain(finance.database, first, "2025-10-02 10:00")
        + a_gain(finance.database, first, "2025-10-20 18:30", slices=3),
        second: a_gain(finance.database, second, "2025-10-31 08:00", slices=1),
    }
    previewed = await preview(finance, "2025-10")

    result = await finance.run("2025-10")

    paid = tuple(TechnicianPaid(technician, owed[technician]) for technician in (first, second))
    assert result == PayoutRunResult("2025-10", 1, paid)
    assert previewed == [ClaimableTotal(first, 2, owed[first]), ClaimableTotal(second, 1, owed[second])]
    keys = {technician: f"payout:2025-10:{technician}:1" for technician in owed}
    assert sorted(finance.transfers()) == sorted((keys[one], cents) for one, cents in owed.items())
    assert sorted(finance.statements()) == sorted((keys[one], 1, owed[one], "paid") for one in owed)
    for technician in owed:
        assert finance.ledger(f"4081:{technician}") == 0
        assert finance.ledger(f"401:{technician}") == 0
    assert finance.ledger("5112") == -sum(owed.values())

    before = finance.database.counts()
    assert await finance.run("2025-10") == PayoutRunResult("2025-10", 2, ())
    after = finance.database.counts()
    assert after == before | {"payout_runs": before["payout_runs"] + 1}
    assert len(finance.transfers()) == 2
    assert await preview(finance, "2025-10") == []


async def test_a_run_asked_twice_with_one_key_is_one_run(finance: Finance) -> None:
    first = await finance.run("2025-10", key="schedule:x")
    assert (await finance.run("2025-10", key="schedule:x")).n == first.n == 1
    [(n, finished)] = finance.database.rows("SELECT n, finished_at IS NOT NULL FROM payout_runs")
    assert (n, finished) == (1, True)


async def test_a_late_gain_has_a_second_statement_with_the_next_number(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    a_gain(finance.database, technician, "2025-10-02 10:00")
    await finance.run("2025-10")
    late = a_gain(finance.database, technician, "2025-10-31 23:58", slices=5)

    result = await finance.run("2025-10")

    assert result == PayoutRunResult("2025-10", 2, (TechnicianPaid(technician, late),))
    assert finance.statements() == [
        (f"payout:2025-10:{technician}:1", 1, 1_600, "paid"),
        (f"payout:2025-10:{technician}:2", 2, late, "paid"),
    ]


async def test_a_gain_left_by_its_month_is_paid_by_the_next(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    await finance.run("2025-10")
    forgotten = a_gain(finance.database, technician, "2025-10-31 23:58")
    of_november = a_gain(finance.database, technician, "2025-11-10 10:00")
    result = await finance.run("2025-11")
    assert result.technicians == (TechnicianPaid(technician, forgotten + of_november),)
    assert await finance.run("2025-10") == PayoutRunResult("2025-10", 2, ())


@pytest.mark.parametrize(
    ("month", "last", "next_"),
    [
        ("2025-12", "2025-12-31 23:59", "2026-01-01 00:00"),
        ("2026-03", "2026-03-31 23:59", "2026-04-01 00:00"),  # ends in summer time, began in winter time
        ("2025-10", "2025-10-31 23:59", "2025-11-01 00:00"),  # the other way round
    ],
)
async def test_a_month_is_cut_off_at_midnight_in_paris(
    finance: Finance, month: str, last: str, next_: str
) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    of_the_month = a_gain(finance.database, technician, last)
    a_gain(finance.database, technician, next_, slices=7)
    result = await finance.run(month)
    assert result.technicians == (TechnicianPaid(technician, of_the_month),)


async def test_a_negative_total_is_carried_over(finance: Finance) -> None:
    await finance.fund(100_000)
    technician = await finance.a_technician()
    a_gain(finance.database, technician, "2025-10-05 10:00", slices=-2)
    assert await finance.run("2025-10") == PayoutRunResult("2025-10", 1, ())
    a_gain(finance.database, technician, "2025-11-05 10:00", slices=3)
    result = await finance.run("2025-11")
    assert result.technicians == (TechnicianPaid(technician, 800),)
    assert finance.statements() == [(f"payout:2025-11:{technician}:1", 1, 800, "paid")]


async def test_one_technician_alone_may_be_run(finance: Finance) -> None:
    await finance.fund(100_000)
    first, second = await two_technicians(finance)
    for technician in (first, second):
        a_gain(finance.database, technician, "2025-10-05 10:00")
    result = await finance.run("2025-10", technician_id=second)
    assert result.technicians == (TechnicianPaid(second, 1_600),)


async def test_an_open_run_refuses_a_second_start(finance: Finance) -> None:
    technician = await finance.a_technician()
    a_gain(finance.database, technician, "2025-10-05 10:00")
    finance.payments.kills = 1_000
    open_run = await finance.start("2025-10")
    with pytest.raises(WorkflowAlreadyStartedError):
        await finance.start("2025-10")
    finance.payments.kills = 0
    await open_run.result()


async def test_a_future_month_is_refused_and_writes_nothing(finance: Finance) -> None:
    before = finance.database.counts()
    for month, code in (("2999-01", "future_month"), ("2025-13", "invalid_month")):
        handle = await finance.start(month)
        with pytest.raises(WorkflowFailureError) as caught:
            await handle.result()
        assert isinstance(caught.value.cause, ApplicationError)
        assert caught.value.cause.type == code
    assert finance.database.counts() == before


async def test_many_technicians_are_paid_over_several_histories(finance: Finance) -> None:
    await finance.fund(1_000_000)
    technicians = sorted(await asyncio.gather(*(finance.a_technician() for _ in range(25))))
    for technician in technicians:
        a_gain(finance.database, technician, "2025-10-05 10:00")
    handle = await finance.start("2025-10")
    result = await handle.result()
    assert result.technicians == tuple(TechnicianPaid(technician, 1_600) for technician in technicians)
    assert len(finance.transfers()) == 25
    assert handle.first_execution_run_id != (await handle.describe()).run_id
