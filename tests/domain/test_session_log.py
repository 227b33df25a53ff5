"""How many minutes a log of remote control proves, beside our own stamps."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.session_log import evidence_window, logged_minutes

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
END = NOON + 30 * MINUTE
LATER = NOON + timedelta(hours=3)


def at(minutes: float) -> datetime:
    return NOON + minutes * MINUTE


@pytest.mark.parametrize(
    ("intervals", "minutes"),
    [
        ([(0, 25)], 25),
        ([(0, 25.1)], 26),  # a started minute is whole
        ([(0, 10), (12, 20)], 18),
        ([(0, 10), (5, 20)], 20),  # what overlaps counts once
        ([(5, 20), (0, 25), (7, 9)], 25),
        ([(0, 25), (7, 9), (20, 30)], 30),
        ([(10, 20), (0, 10)], 20),
        ([(0, 0.2), (1, 1.2)], 1),  # rounded once, not each
        ([(-30, 10)], 25),  # from 15 minutes before our start
        ([(20, 90)], 25),  # until 15 minutes after our end
        ([(-30, 90)], 60),
        ([(-40, -15)], None),  # outside
        ([(45, 60)], None),
        ([(10, 10)], None),  # empty
        ([(20, 10)], None),  # the end before the beginning
        ([(20, 10), (0, 5)], 5),
        ([], None),
    ],
)
def test_what_the_log_proves_of_a_session_from_noon_to_half_past(
    intervals: list[tuple[float, float]], minutes: int | None
) -> None:
    logged = [(at(start), at(end)) for start, end in intervals]
    assert logged_minutes(logged, NOON, END, MINUTE, now=LATER) == minutes


@pytest.mark.parametrize(
    ("interval", "minutes"), [((0, 90), 90), ((-60, 90), 105), ((0, 600), 180), ((180, 200), None)]
)
def test_an_end_nobody_stamped_bounds_nothing_but_the_present_does(
    interval: tuple[float, float], minutes: int | None
) -> None:
    [logged] = [(at(interval[0]), at(interval[1]))]
    assert logged_minutes([logged], NOON, None, MINUTE, now=LATER) == minutes


def test_what_is_still_to_come_proves_nothing() -> None:
    now = at(32)
    assert logged_minutes([(at(20), at(40))], NOON, END, MINUTE, now=now) == 12
    assert logged_minutes([(at(33), at(40))], NOON, END, MINUTE, now=now) is None


def test_the_tolerance_is_in_minutes_of_the_ticket() -> None:
    tenth = timedelta(milliseconds=100)
    end = NOON + 20 * tenth
    window = evidence_window(NOON, end, tenth, now=LATER)
    assert window == (NOON - timedelta(seconds=1.5), end + timedelta(seconds=1.5))
    whole = [(NOON - MINUTE, NOON + MINUTE)]
    assert logged_minutes(whole, NOON, end, tenth, now=LATER) == 15 + 20 + 15


# Few enough that they meet, lie in each other, and cross the ends of the window.
SECONDS = st.integers(min_value=-60, max_value=160).map(lambda count: 20 * count)
INTERVALS = st.lists(st.tuples(SECONDS, SECONDS), max_size=8)
ENDS = st.none() | st.integers(min_value=0, max_value=3600)


@given(seconds=INTERVALS, ended=ENDS, now=st.integers(min_value=0, max_value=5000))
def test_it_is_the_number_of_seconds_covered_in_the_window(
    seconds: list[tuple[int, int]], ended: int | None, now: int
) -> None:
    """Against a count of the seconds one by one."""
    last = now if ended is None else min(ended + 900, now)
    covered = {second for start, end in seconds for second in range(max(start, -900), min(end, last))}
    second = timedelta(seconds=1)
    minutes = logged_minutes(
        [(NOON + start * second, NOON + end * second) for start, end in seconds],
        NOON,
        None if ended is None else NOON + ended * second,
        MINUTE,
        now=NOON + now * second,
    )
    assert minutes == ((len(covered) + 59) // 60 or None)


@given(seconds=INTERVALS, more=st.tuples(SECONDS, SECONDS), order=st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_counts_and_more_evidence_never_proves_less(
    seconds: list[tuple[int, int]], more: tuple[int, int], order: random.Random
) -> None:
    def measured(pairs: list[tuple[int, int]]) -> int | None:
        second = timedelta(seconds=1)
        logged = [(NOON + start * second, NOON + end * second) for start, end in pairs]
        return logged_minutes(logged, NOON, END, MINUTE, now=LATER)

    shuffled = seconds * 2
    order.shuffle(shuffled)
    assert measured(shuffled) == measured(seconds)
    assert (measured([*seconds, more]) or 0) >= (measured(seconds) or 0)
