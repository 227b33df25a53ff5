"""Slots and holds follow levels, weekly hours, leave, holidays and the days on which the clocks change."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from domain.errors import Refusal
from domain.opening_hours import PARIS, OpeningHours
from tests.api.frontend import Clock, Frontend, is_problem, open_frontend
from tests.api.rows import insert
from tests.api.times import a_hold, at, booked
from tests.support.people import a_client, a_technician
from tests.support.postgres import Database

TUESDAY, SUNDAY = 1, 6


def works(api: Frontend, technician: str, weekday: int, opens: str, closes: str) -> None:
    insert(
        api.database,
        "working_hours",
        technician_id=technician,
        weekday=weekday,
        opens=opens,
        closes=closes,
    )


def on_leave(api: Frontend, technician: str, start: str, end: str) -> None:
    insert(
        api.database,
        "leaves",
        technician_id=technician,
        during=f"[{start},{end})",
        recorded_by=technician,
    )


def of_level(api: Frontend, technician: str, level: int) -> None:
    api.database.execute(
        "UPDATE technician_skills SET level = %s WHERE technician_id = %s", level, technician
    )


async def starts(api: Frontend, days: int = 1, minutes: int = 60) -> list[str]:
    query = {"skill": "internet", "days": days, "minutes": minutes, "limit": 200}
    answer = await api.get("/v1/slots", a_client(api.database), **query)
    assert answer.status_code == 200
    return [slot["start"] for slot in answer.json()["slots"]]


async def starts_today(api: Frontend) -> list[str]:
    return [start for start in await starts(api) if start.startswith("2026-11-24")]


def quarters(first: tuple[int, int], last: tuple[int, int]) -> list[str]:
    """The starts on the quarter from `first` to `last` on the Tuesday."""
    begin, finish = (hour * 4 + minute // 15 for hour, minute in (first, last))
    return [at(n // 4, n % 4 * 15) for n in range(begin, finish + 1)]


async def holder(api: Frontend, start: str) -> str | None:
    """The technician held by a new client for that hour; None when it was refused as taken."""
    answer = await api.post("/v1/holds", a_client(api.database), a_hold(start))
    if answer.status_code == 409:
        assert answer.json()["code"] == Refusal.SLOT_TAKEN
        return None
    [(technician,)] = api.database.rows(
        "SELECT technician_id::text FROM bookings WHERE id = %s", answer.json()["id"]
    )
    return str(technician)


async def test_a_skill_that_asks_for_a_level_is_not_given_to_anybody_below(api: Frontend) -> None:
    beginner, expert = a_technician(api.database), a_technician(api.database)
    of_level(api, beginner, 1)
    of_level(api, expert, 2)
    api.database.execute("UPDATE skills SET required_level = 2 WHERE code = 'internet'")
    booked(api, expert, at(10), at(17))
    assert await starts_today(api) == quarters((17, 0), (18, 0))
    assert await holder(api, at(10)) is None
    assert await holder(api, at(17)) == expert
    assert await holder(api, at(17)) is None
    api.database.execute("UPDATE skills SET required_level = 3 WHERE code = 'internet'")
    assert await starts(api) == []


async def test_hours_of_work_bound_the_slots_and_opening_hours_bound_those(api: Frontend) -> None:
    technician = a_technician(api.database)
    works(api, technician, TUESDAY, "06:00", "10:00")
    works(api, technician, TUESDAY, "10:00", "11:30")
    works(api, technician, TUESDAY, "17:45", "22:00")
    assert await starts(api, days=2) == quarters((9, 30), (10, 30)) + quarters((17, 45), (18, 0))
    assert await holder(api, at(10, 45)) is None
    assert is_problem(
        await api.post("/v1/holds", a_client(api.database), a_hold(at(18, 15))), Refusal.SLOT_NOT_OFFERED
    )
    assert await holder(api, at(10, 30)) == technician


async def test_leave_is_no_slot_and_a_hold_during_it_is_offered_what_follows(api: Frontend) -> None:
    technician = a_technician(api.database)
    on_leave(api, technician, at(10), at(16, 40))
    assert await starts_today(api) == quarters((16, 45), (18, 0))
    answer = await api.unchanged(api.post("/v1/holds", a_client(api.database), a_hold(at(16, 30))))
    following = [(at(16, 45), at(17, 45)), (at(17), at(18)), (at(17, 15), at(18, 15))]
    following += [(at(17, 30), at(18, 30)), (at(17, 45), at(18, 45))]
    assert is_problem(
        answer, Refusal.SLOT_TAKEN, alternatives=[{"start": start, "end": end} for start, end in following]
    )


async def test_the_one_who_works_is_held_however_much_fairer_the_other_would_be(api: Frontend) -> None:
    away, resting, busy = (a_technician(api.database) for _ in range(3))
    on_leave(api, away, at(0), at(23))
    works(api, resting, TUESDAY, "09:00", "10:30")
    booked(api, busy, at(14), at(15))
    assert await holder(api, at(10)) == busy
    assert await holder(api, at(10)) is None


async def test_the_least_notice_counts_to_the_second(api: Frontend) -> None:
    a_technician(api.database)
    assert (await starts(api))[0] == at(9, 30)
    api.clock.advance(seconds=1)
    assert (await starts(api))[0] == at(9, 45)
    refused = await api.post("/v1/holds", a_client(api.database), a_hold(at(9, 30)))
    assert is_problem(refused, Refusal.SLOT_NOT_OFFERED)


async def test_a_holiday_is_closed_even_to_who_works_that_weekday(api: Frontend) -> None:
    technician = a_technician(api.database)
    for weekday in range(7):
        works(api, technician, weekday, "17:00", "19:00")
    api.clock.now = datetime(2026, 12, 24, 12, tzinfo=PARIS)
    # Christmas is a Friday, and the Sunday is closed as ever.
    days = [start[:10] for start in await starts(api, days=5, minutes=120)]
    assert days == ["2026-12-24", "2026-12-26", "2026-12-28"]


@pytest.fixture
async def sundays(database: Database) -> AsyncIterator[Frontend]:
    """A service open on Sundays too: the clocks change on one."""
    every_day = OpeningHours(weekdays=tuple(range(7)))
    async with open_frontend(database, hours=every_day, clock=Clock()) as frontend:
        yield frontend


@pytest.mark.parametrize(
    ("eve", "expected"),
    [
        (
            datetime(2026, 10, 24, 18, 30, tzinfo=PARIS),
            ["2026-10-25T09:00:00+01:00", "2026-10-25T09:15:00+01:00", "2026-10-25T09:30:00+01:00"],
        ),
        (
            datetime(2027, 3, 27, 18, 30, tzinfo=PARIS),
            ["2027-03-28T09:00:00+02:00", "2027-03-28T09:15:00+02:00", "2027-03-28T09:30:00+02:00"],
        ),
    ],
)
async def test_on_the_day_the_clocks_change_nine_is_nine(
    sundays: Frontend, eve: datetime, expected: list[str]
) -> None:
    technician = a_technician(sundays.database)
    works(sundays, technician, SUNDAY, "09:00", "10:30")
    sundays.clock.now = eve
    assert await starts(sundays) == expected
    assert await holder(sundays, expected[2]) == technician
    assert await starts(sundays) == []


@pytest.mark.parametrize(
    ("eve", "length", "offered"),
    [
        (datetime(2026, 10, 25, 0, 0, tzinfo=PARIS), 240, ["2026-10-25T01:00:00+02:00"]),
        (datetime(2027, 3, 28, 0, 0, tzinfo=PARIS), 120, ["2027-03-28T01:00:00+01:00"]),
    ],
)
async def test_the_night_of_the_change_is_an_hour_longer_or_shorter(
    database: Database, eve: datetime, length: int, offered: list[str]
) -> None:
    """From one to four: four hours in October, two in March."""
    async with open_frontend(database, hours=OpeningHours(always=True), clock=Clock(eve)) as api:
        works(api, a_technician(database), SUNDAY, "01:00", "04:00")
        assert await starts(api, minutes=length) == offered
        if length < 240:
            assert await starts(api, minutes=length + 15) == []
