"""Slots: the times a client may ask for, cut from the opening hours and from who is free."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.availability import Agenda, is_free, working_intervals
from domain.opening_hours import OpeningHours

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


def free_slots(
    *,
    rules: SlotRules,
    hours: OpeningHours,
    busy: Mapping[str, Agenda],
    length: timedelta,
    now: datetime,
    start: datetime,
    end: datetime,
    at_most: int,
) -> list[Slot]:
    """The first `at_most` slots of `length` starting in [start, end), on the grid, after the least notice.

    `busy` maps each able technician's id to their agenda; one without an entry is not a candidate. The grid
    is counted from a fixed instant, so that every caller sees the same times.
    """
    earliest = max(start, now + rules.minimum_notice)
    latest = min(end, now + rules.horizon)
    working = {
        technician: working_intervals(agenda.hours, earliest, latest + length)
        for technician, agenda in busy.items()
    }

    def can_take(technician: str, begin: datetime, finish: datetime) -> bool:
        works = any(a <= begin and finish <= b for a, b in working[technician])
        return works and is_free(busy[technician].taken, begin, finish)

    found: list[Slot] = []
    for opening, closing in hours.intervals(earliest, latest + length):
        begin = EPOCH + -(-(opening - EPOCH) // rules.step) * rules.step
        while begin + length <= closing and begin < latest and len(found) < at_most:
            free = tuple(t for t in sorted(busy) if can_take(t, begin, begin + length))
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
