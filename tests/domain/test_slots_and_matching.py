"""Which times are offered, and who is chosen."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.availability import Agenda
from domain.matching import Candidate, Choice, choose, strike_out
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
        busy={technician: Agenda(taken) for technician, taken in busy.items()},
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


def a_candidate(
    name: str,
    *,
    level: int | None = 1,
    working: bool = True,
    on_leave: bool = False,
    free: bool = True,
    booked: int = 0,
    worked: int | None = None,
    struck_out: str | None = None,
) -> Candidate:
    """`worked`: the day in November of their last session."""
    last = datetime(2026, 11, worked, tzinfo=UTC) if worked else None
    return Candidate(name, level, working, on_leave, free, booked, last, struck_out)


@pytest.mark.parametrize(
    ("candidates", "choice"),
    [
        ([], Choice(None, {})),
        ([a_candidate("a", free=False)], Choice(None, {"a": "not_free"})),
        (
            [a_candidate("a", booked=2), a_candidate("b", booked=1), a_candidate("c", level=None)],
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


def test_each_who_is_passed_over_has_the_first_reason_that_rules_them_out() -> None:
    away = [
        a_candidate("a", level=None, on_leave=True, working=False, free=False, struck_out="declined"),
        a_candidate("b", level=None, on_leave=True, working=False, free=False),
        a_candidate("c", level=1, on_leave=True, working=False, free=False),
        a_candidate("d", level=2, on_leave=True, working=False, free=False),
        a_candidate("e", level=2, working=False, free=False),
        a_candidate("f", level=2, free=False),
        a_candidate("g", level=3, booked=1),
        a_candidate("h", level=2),
    ]
    assert choose(away, 2) == Choice(
        "h",
        {
            "a": "declined",
            "b": "lacks_skill",
            "c": "lacks_level",
            "d": "on_leave",
            "e": "not_working",
            "f": "not_free",
            "g": "more_loaded",
            "h": "chosen",
        },
    )


def test_who_lost_a_ticket_does_not_get_it_again_and_who_was_only_passed_over_may() -> None:
    history = {
        "a": "declined",
        "b": "silent",
        "c": "absent",
        "d": "unavailable",
        "e": "replaced",
        "f": "not_free",
        "g": "chosen",
    }
    candidates = [a_candidate(name) for name in "abcdefgh"]
    struck = {one.technician_id: one.struck_out for one in strike_out(candidates, history)}
    assert struck == {**{name: history[name] for name in "abcde"}, "f": None, "g": None, "h": None}
    kept = {"f": "chosen", "g": "more_loaded", "h": "more_loaded"}
    assert choose(strike_out(candidates, history)) == Choice(
        "f", {name: history[name] for name in "abcde"} | kept
    )


CANDIDATES = some.lists(
    some.builds(
        a_candidate,
        some.uuids().map(str),
        level=some.sampled_from([None, 1, 2, 3]),
        working=some.booleans(),
        on_leave=some.booleans(),
        free=some.booleans(),
        booked=some.integers(0, 3),
        worked=some.one_of(some.none(), some.integers(1, 9)),
        struck_out=some.sampled_from([None, None, "declined"]),
    ),
    unique_by=lambda one: one.technician_id,
    max_size=8,
)


@given(CANDIDATES, some.integers(1, 3), some.randoms())
def test_the_choice_is_the_same_in_any_order_and_nobody_fit_is_less_loaded(
    candidates: list[Candidate], required: int, chance: Random
) -> None:
    choice = choose(candidates, required)
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert choose(shuffled, required) == choice
    assert set(choice.reasons) == {one.technician_id for one in candidates}
    fit = [
        one
        for one in candidates
        if one.struck_out is None
        and (one.level or 0) >= required
        and one.working
        and one.free
        and not one.on_leave
    ]
    reasons = {one.technician_id for one in fit}
    assert {who for who, why in choice.reasons.items() if why in {"chosen", "more_loaded"}} == reasons
    if fit:
        [chosen] = [one for one in fit if one.technician_id == choice.technician_id]
        assert chosen.booked_this_week == min(one.booked_this_week for one in fit)
    else:
        assert choice.technician_id is None
