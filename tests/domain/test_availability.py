"""When a technician can work: weekly hours on Paris walls, leave, and the days on which the clocks change."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.availability import (
    Agenda,
    WorkingHours,
    check_leave,
    check_working_hours,
    is_available,
    is_working,
    working_intervals,
)
from domain.errors import Refusal, Refused
from domain.opening_hours import ALWAYS, PARIS, PRODUCTION
from domain.slots import PRODUCTION as RULES
from domain.slots import Slot, free_slots

MONDAY = datetime(2026, 11, 23, tzinfo=PARIS)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
OFFICE = (WorkingHours(0, time(9), time(12)), WorkingHours(0, time(14), time(18)))


def at(hour: int, minute: int = 0) -> datetime:
    return MONDAY.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(9), at(12), True),
        (at(14), at(15), True),
        (at(8, 59), at(10), False),
        (at(11), at(12, 1), False),
        (at(11), at(15), False),  # over lunch
        (at(9) + timedelta(days=1), at(10) + timedelta(days=1), False),  # a Tuesday
        (at(9) + timedelta(days=7), at(10) + timedelta(days=7), True),
    ],
)
def test_work_is_for_the_whole_time_without_a_break(start: datetime, end: datetime, expected: bool) -> None:
    assert is_working(OFFICE, start, end) is expected


def test_stretches_that_touch_are_one_and_no_hours_are_all_hours() -> None:
    touching = (WorkingHours(0, time(12), time(18)), WorkingHours(0, time(9), time(12)))
    assert working_intervals(touching, MONDAY, MONDAY + timedelta(days=2)) == [(at(9), at(18))]
    assert is_working((), at(3), at(4))
    assert working_intervals((), at(4), at(4)) == []


@pytest.mark.parametrize(
    ("leave", "expected"),
    [
        ((at(8), at(9)), True),
        ((at(10), at(11)), True),
        ((at(9, 59), at(20)), False),
        ((at(7), at(9) + MINUTE), False),
        ((at(9, 20), at(9, 40)), False),
    ],
)
def test_leave_of_a_minute_is_enough_to_be_away(leave: tuple[datetime, datetime], expected: bool) -> None:
    assert is_available(OFFICE, [leave], at(9), at(10)) is expected


# The clocks go back at 3:00 on Sunday 25 October 2026 and forward at 2:00 on Sunday 28 March 2027.


@pytest.mark.parametrize(
    ("day", "opens", "closes", "begin", "finish"),
    [
        (date(2026, 10, 24), 8, 19, "06:00", "17:00"),
        (date(2026, 10, 25), 8, 19, "07:00", "18:00"),
        (date(2026, 10, 25), 1, 4, "23:00", "03:00"),  # four hours for three on the wall
        (date(2027, 3, 27), 8, 19, "07:00", "18:00"),
        (date(2027, 3, 28), 8, 19, "06:00", "17:00"),
        (date(2027, 3, 28), 1, 4, "00:00", "02:00"),  # two hours for three
    ],
)
def test_the_wall_clock_counts_on_the_days_it_changes(
    day: date, opens: int, closes: int, begin: str, finish: str
) -> None:
    hours = [WorkingHours(day.weekday(), time(opens), time(closes))]
    midnight = datetime.combine(day, time(), PARIS)
    [(first, last)] = working_intervals(hours, midnight, midnight + timedelta(days=1))
    assert (f"{first.astimezone(UTC):%H:%M}", f"{last.astimezone(UTC):%H:%M}") == (begin, finish)


def test_of_an_hour_that_the_clocks_skip_no_work_is_left() -> None:
    spring = datetime(2027, 3, 28, tzinfo=PARIS)
    skipped = [WorkingHours(6, time(2, 15), time(3))]
    assert working_intervals(skipped, spring, spring + timedelta(days=1)) == []


def test_slots_are_cut_from_hours_leave_and_bookings_together() -> None:
    agendas = {
        "office": Agenda([(at(9), at(10, 30))], OFFICE),
        "evening": Agenda([(at(16), at(17))], [WorkingHours(0, time(13), time(19))]),
    }
    found = free_slots(
        rules=RULES,
        hours=PRODUCTION,
        busy=agendas,
        length=HOUR,
        now=at(7),
        start=MONDAY,
        end=MONDAY + timedelta(days=1),
        at_most=100,
    )
    shown: dict[str, str] = {}
    for slot in found:
        shown[f"{slot.start.astimezone(PARIS):%H:%M}"] = "+".join(slot.technicians)
    quarters = ["13:00", "13:15", "13:30", "13:45"]
    assert shown == {
        **dict.fromkeys(["10:30", "10:45", "11:00"], "office"),
        **dict.fromkeys(quarters, "evening"),
        **dict.fromkeys(["14:00", "14:15", "14:30", "14:45", "15:00"], "evening+office"),
        **dict.fromkeys(["15:15", "15:30", "15:45", "16:00", "16:15", "16:30", "16:45"], "office"),
        "17:00": "evening+office",
        **dict.fromkeys(["17:15", "17:30", "17:45", "18:00"], "evening"),
    }


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        ([(0, 9, 9)], Refusal.WORKING_HOURS_ORDER),
        ([(0, 12, 9)], Refusal.WORKING_HOURS_ORDER),
        ([(0, 9, 12), (0, 11, 13)], Refusal.WORKING_HOURS_OVERLAP),
        ([(0, 9, 18), (0, 10, 11)], Refusal.WORKING_HOURS_OVERLAP),
        ([(0, 9, 12), (0, 9, 12)], Refusal.WORKING_HOURS_OVERLAP),
        ([(0, 12, 18), (0, 9, 12), (1, 10, 13)], None),
    ],
)
def test_hours_that_make_no_week(hours: list[tuple[int, int, int]], code: Refusal | None) -> None:
    week = [WorkingHours(day, time(opens), time(closes)) for day, opens, closes in hours]
    assert _refusal(lambda: check_working_hours(week)) == code


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (at(10), at(10), Refusal.LEAVE_ORDER),
        (at(11), at(10), Refusal.LEAVE_ORDER),
        (at(6), at(8), Refusal.LEAVE_PAST),
        (at(6), at(8, 1), None),  # begun, but not over
        (at(10), at(11), None),
    ],
)
def test_leave_that_cannot_be_taken(start: datetime, end: datetime, code: Refusal | None) -> None:
    assert _refusal(lambda: check_leave(start, end, now=at(8))) == code


def _refusal(check: Callable[[], None]) -> Refusal | None:
    try:
        check()
    except Refused as refused:
        return refused.code
    return None


INSTANTS = some.integers(0, 400 * 24 * 4).map(lambda n: datetime(2026, 6, 1, tzinfo=UTC) + n * 15 * MINUTE)
WALL = some.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
BOUNDS = some.tuples(WALL, WALL).filter(lambda bounds: bounds[0] < bounds[1])
STRETCHES = some.tuples(some.integers(0, 6), BOUNDS).map(lambda one: WorkingHours(one[0], *one[1]))
WEEKS = some.lists(STRETCHES, max_size=12)
LENGTHS = some.integers(1, 16).map(lambda n: n * 15 * MINUTE)


def _works_at(week: list[WorkingHours], instant: datetime) -> bool:
    """Said without any arithmetic of intervals; true away from the hours that a change of clock repeats."""
    wall = instant.astimezone(PARIS)
    return not week or any(
        one.weekday == wall.weekday() and one.opens <= wall.time() < one.closes for one in week
    )


def _near_a_change_of_clock(instant: datetime) -> bool:
    offsets = {(instant + k * HOUR).astimezone(PARIS).utcoffset() for k in (-25, 0, 25)}
    return len(offsets) > 1


@given(WEEKS, INSTANTS, LENGTHS)
def test_working_for_a_time_is_working_at_each_minute_of_it(
    week: list[WorkingHours], start: datetime, length: timedelta
) -> None:
    if not _near_a_change_of_clock(start):
        each = all(_works_at(week, start + n * MINUTE) for n in range(length // MINUTE))
        assert is_working(week, start, start + length) is each


@given(WEEKS, INSTANTS, some.integers(1, 40))
def test_the_intervals_of_work_are_in_order_apart_and_within(
    week: list[WorkingHours], start: datetime, days: int
) -> None:
    end = start + timedelta(days=days)
    flat = [edge for interval in working_intervals(week, start, end) for edge in interval]
    assert flat == sorted(set(flat))
    assert all(start <= edge <= end for edge in flat)


@given(WEEKS, INSTANTS, some.data())
def test_a_slot_offered_is_one_for_which_everybody_named_is_available_and_nobody_else(
    week: list[WorkingHours], start: datetime, data: some.DataObject
) -> None:
    near = some.integers(-8, 48).map(lambda n: start + n * 15 * MINUTE)
    leaves = [(begin, begin + data.draw(LENGTHS)) for begin in data.draw(some.lists(near, max_size=3))]
    length = data.draw(LENGTHS)
    agendas = {"a": Agenda(leaves, week), "b": Agenda(leaves), "c": Agenda((), week)}
    found = free_slots(
        rules=RULES,
        hours=ALWAYS,
        busy=agendas,
        length=length,
        now=start - HOUR,
        start=start,
        end=start + 12 * HOUR,
        at_most=100,
    )
    expected = []
    for begin in (start + n * 15 * MINUTE for n in range(48)):
        names = tuple(
            name
            for name, agenda in agendas.items()
            if is_available(agenda.hours, agenda.taken, begin, begin + length)
        )
        if names:
            expected.append(Slot(begin, begin + length, names))
    assert found == expected
