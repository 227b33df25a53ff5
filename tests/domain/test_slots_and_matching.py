"""Which times are offered, and who is chosen."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.matching import Candidate, Choice, choose
from domain.opening_hours import PARIS
from domain.opening_hours import PRODUCTION as HOURS
from domain.slots import PRODUCTION, free_slots, is_offered

MONDAY_8 = datetime(2026, 11, 23, 8, tzinfo=PARIS)
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def offered(busy: dict[str, list[tuple[datetime, datetime]]], now: datetime, at_most: int = 3) -> list[str]:
    slots = free_slots(
        rules=PRODUCTION,
        hours=HOURS,
        busy=busy,
        length=HOUR,
        now=now,
        start=now,
        end=now + timedelta(days=7),
        at_most=at_most,
    )
    return [f"{s.start.astimezone(PARIS):%a %H:%M} {'+'.join(s.technicians)}" for s in slots]


def test_slots_start_half_an_hour_from_now_on_the_quarter() -> None:
    assert offered({"a": []}, MONDAY_8 + timedelta(minutes=5)) == [
        "Mon 08:45 a",
        "Mon 09:00 a",
        "Mon 09:15 a",
    ]


def test_a_slot_needs_somebody_free_for_all_of_it() -> None:
    busy = {"a": [(MONDAY_8 + HOUR, MONDAY_8 + 2 * HOUR)], "b": [(MONDAY_8, MONDAY_8 + 2.25 * HOUR)]}
    assert offered(busy, MONDAY_8 - HOUR) == ["Mon 08:00 a", "Mon 10:00 a", "Mon 10:15 a+b"]


def test_the_last_slot_of_a_saturday_is_followed_by_monday() -> None:
    saturday_17 = datetime(2026, 11, 21, 17, 30, tzinfo=PARIS)
    assert offered({"a": []}, saturday_17, 2) == ["Sat 18:00 a", "Mon 08:00 a"]


def test_no_technician_no_slot() -> None:
    assert offered({}, MONDAY_8) == []


@pytest.mark.parametrize(
    ("start", "is_possible"),
    [
        (MONDAY_8 + HOUR, True),
        (MONDAY_8 + HOUR + timedelta(minutes=1), False),  # off the grid
        (MONDAY_8 + QUARTER, False),  # too soon
        (MONDAY_8 - HOUR, False),  # past
        (MONDAY_8 + timedelta(days=31), False),  # too far
        (MONDAY_8 + 12 * HOUR, False),  # closed
    ],
)
def test_a_slot_asked_for_is_checked_like_one_offered(start: datetime, is_possible: bool) -> None:
    assert is_offered(PRODUCTION, HOURS, MONDAY_8, start, start + HOUR) is is_possible


def a_candidate(name: str, booked: int = 0, worked: int | None = None, **other: bool) -> Candidate:
    last = datetime(2026, 11, worked, tzinfo=UTC) if worked else None
    return Candidate(name, other.get("has_skill", True), other.get("free", True), booked, last)


@pytest.mark.parametrize(
    ("candidates", "choice"),
    [
        ([], Choice(None, {})),
        ([a_candidate("a", free=False)], Choice(None, {"a": "not_free"})),
        (
            [a_candidate("a", booked=2), a_candidate("b", booked=1), a_candidate("c", has_skill=False)],
            Choice("b", {"a": "more_loaded", "b": "chosen", "c": "lacks_skill"}),
        ),
        (
            [a_candidate("a", worked=9), a_candidate("b", worked=3)],
            Choice("b", {"a": "more_loaded", "b": "chosen"}),
        ),
        (
            [a_candidate("a", worked=9), a_candidate("b")],
            Choice("b", {"a": "more_loaded", "b": "chosen"}),
        ),
        ([a_candidate("b"), a_candidate("a")], Choice("a", {"b": "more_loaded", "a": "chosen"})),
    ],
)
def test_the_least_loaded_then_the_longest_idle_is_chosen(
    candidates: list[Candidate], choice: Choice
) -> None:
    assert choose(candidates) == choice
