"""Slots: the times a client may ask for, cut from the opening hours and from who is free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.opening_hours import OpeningHours

Interval = tuple[datetime, datetime]
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SlotRules:
    """How slots are cut: their grid, the least notice, how far ahead, and how long a hold lasts."""

    step: timedelta = timedelta(minutes=15)
    minimum_notice: timedelta = timedelta(minutes=30)
    horizon: timedelta = timedelta(days=30)
    hold: timedelta = timedelta(minutes=5)


PRODUCTION = SlotRules()
DEMO = SlotRules(
    step=timedelta(seconds=1),
    minimum_notice=timedelta(seconds=3),
    horizon=timedelta(days=30),
    hold=timedelta(minutes=5),
)


@dataclass(frozen=True)
class Slot:
    """A time at which at least one of `technicians` is free for the whole length."""

    start: datetime
    end: datetime
    technicians: tuple[str, ...]


def is_free(busy: Sequence[Interval], start: datetime, end: datetime) -> bool:
    """Whether [start, end) touches none of the busy intervals (half open as well)."""
    return all(end <= begin or finish <= start for begin, finish in busy)


def free_slots(
    *,
    rules: SlotRules,
    hours: OpeningHours,
    busy: Mapping[str, Sequence[Interval]],
    length: timedelta,
    now: datetime,
    start: datetime,
    end: datetime,
    at_most: int,
) -> list[Slot]:
    """The first `at_most` slots of `length` starting in [start, end), on the grid, after the least notice.

    `busy` maps each skilled technician's id to what already occupies them; one without an entry is not
    a candidate. The grid is counted from a fixed instant, so that every caller sees the same times.
    """
    earliest = max(start, now + rules.minimum_notice)
    latest = min(end, now + rules.horizon)
    found: list[Slot] = []
    for opening, closing in hours.intervals(earliest, latest + length):
        begin = EPOCH + -(-(opening - EPOCH) // rules.step) * rules.step
        while begin + length <= closing and begin < latest and len(found) < at_most:
            free = tuple(sorted(t for t, taken in busy.items() if is_free(taken, begin, begin + length)))
            if free:
                found.append(Slot(begin, begin + length, free))
            begin += rules.step
    return found


def is_offered(rules: SlotRules, hours: OpeningHours, now: datetime, start: datetime, end: datetime) -> bool:
    """Whether a slot with these bounds could be offered at `now`, leaving aside who is free."""
    on_grid = (start - EPOCH) % rules.step == timedelta(0)
    in_time = now + rules.minimum_notice <= start < now + rules.horizon
    return on_grid and in_time and hours.contains(start, end)


def earliest_start(rules: SlotRules, not_before: datetime, now: datetime) -> datetime:
    """The first time on the grid at or after `not_before` that leaves the least notice."""
    earliest = max(not_before, now + rules.minimum_notice)
    return EPOCH + -(-(earliest - EPOCH) // rules.step) * rules.step
