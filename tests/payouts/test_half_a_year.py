"""Half a year of payouts, read as a calendar: winter and summer time, a leap day, a ruling after the run."""

from datetime import timedelta

import pytest
from temporalio.client import ScheduleBackfill, ScheduleHandle, ScheduleOverlapPolicy

from tests.payouts.builders import SLICE_CENTS, a_gain, paris
from tests.payouts.conftest import Finance
from tests.payouts.test_calendar import NIGHT, launched, schedule

__all__ = ["schedule"]


async def night_of(finance: Finance, schedule: ScheduleHandle, first: str, nth: int) -> None:
    """3:00 in Paris on that first of a month, as a catch-up pays it; the run it launches is waited for."""
    at = paris(f"{first} 03:00")
    await schedule.backfill(ScheduleBackfill(at - NIGHT, at + NIGHT, ScheduleOverlapPolicy.ALLOW_ALL))
    run = (await launched(finance.client, schedule, nth))[-1]
    month = paris(f"{first} 00:00") - timedelta(days=1)
    assert run == f"payouts/{month:%Y-%m}"
    await finance.client.get_workflow_handle(run).result()


@pytest.mark.soak
async def test_six_months_are_right_to_the_cent(finance: Finance, schedule: ScheduleHandle) -> None:
    await finance.fund(500_000)
    thomas, sarah = await finance.a_technician(), await finance.a_technician()

    def earns(technician: str, at: str, slices: int) -> None:
        a_gain(finance.database, technician, at, slices)

    # October 2023. The night of the 29th has 3:00 twice to its name; both hours are October's.
    earns(thomas, "2023-10-29 02:30", 1)
    earns(thomas, "2023-10-31 23:59", 2)
    # November begins a minute later.
    earns(thomas, "2023-11-01 00:00", 4)
    await night_of(finance, schedule, "2023-11-01", 1)
    assert paid(finance) == {("2023-10", thomas): 3}

    # November. Sarah's only ticket is disputed on the 30th and ruled on 3 December, after the run: it takes
    # one slice of the two that were paid.
    earns(sarah, "2023-11-20 10:00", 2)
    await night_of(finance, schedule, "2023-12-01", 2)
    earns(sarah, "2023-12-03 09:00", -1)
    assert paid(finance, "2023-11") == {("2023-11", thomas): 4, ("2023-11", sarah): 2}

    # December. She works no more that year: what she owes is carried over, never asked back.
    await night_of(finance, schedule, "2024-01-01", 3)
    assert paid(finance, "2023-12") == {}

    # January 2024 nets it.
    earns(sarah, "2024-01-31 23:59", 4)
    await night_of(finance, schedule, "2024-02-01", 4)
    assert paid(finance, "2024-01") == {("2024-01", sarah): 3}

    # February has a 29th.
    earns(thomas, "2024-02-29 23:59", 5)
    earns(thomas, "2024-03-01 00:00", 1)
    await night_of(finance, schedule, "2024-03-01", 5)
    assert paid(finance, "2024-02") == {("2024-02", thomas): 5}

    # March. On the 31st 2:00 becomes 3:00; 23:59 of that day is still March's.
    earns(thomas, "2024-03-31 01:59", 1)
    earns(thomas, "2024-03-31 03:00", 1)
    earns(thomas, "2024-03-31 23:59", 1)
    earns(thomas, "2024-04-01 00:00", 7)
    await night_of(finance, schedule, "2024-04-01", 6)
    assert paid(finance, "2024-03") == {("2024-03", thomas): 4}

    # To the cent: what was earned, less what April will pay, was transferred.
    assert sum(cents for _, cents in finance.transfers()) == (3 + 4 + 2 + 3 + 5 + 4) * SLICE_CENTS
    assert (finance.ledger(f"4081:{thomas}"), finance.ledger(f"4081:{sarah}")) == (-7 * SLICE_CENTS, 0)
    assert (finance.ledger(f"401:{thomas}"), finance.ledger(f"401:{sarah}")) == (0, 0)


def paid(finance: Finance, month: str | None = None) -> dict[tuple[str, str], int]:
    """Slices paid, by month and technician; what is on a statement and not paid is no part of it."""
    rows = finance.database.rows(
        "SELECT s.month, s.technician_id::text, s.total_cents FROM statements s JOIN payouts p USING (key) "
        "WHERE p.status = 'paid'"
    )
    return {
        (of, technician): int(cents) // SLICE_CENTS for of, technician, cents in rows if month in (None, of)
    }
