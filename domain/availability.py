"""When a technician can work: their weekly hours, their leave, and what already takes their time.

Weekly hours are what a clock on a wall in Paris shows; all else is instants. A time that a change of clock
repeats is the first of the two; one that it skips is counted as if the clock had not changed yet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from domain.errors import Refusal, Refused
from domain.opening_hours import PARIS

Interval = tuple[datetime, datetime]
"""Half open: [begin, finish)."""

LOWEST_LEVEL, HIGHEST_LEVEL = 1, 3


@dataclass(frozen=True, order=True)
class WorkingHours:
    """One stretch of a technician's week: `weekday` as `date.weekday()` (Monday 0), Paris wall time."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Agenda:
    """What decides when a technician can take an appointment: `taken` is what is booked, held or leave;
    without any `hours` they work whenever the service is open."""

    taken: Sequence[Interval] = ()
    hours: Sequence[WorkingHours] = ()


def check_working_hours(hours: Sequence[WorkingHours]) -> None:
    """Raises `Refused(WORKING_HOURS_ORDER)` or `Refused(WORKING_HOURS_OVERLAP)`. Stretches may touch."""
    if any(one.opens >= one.closes for one in hours):
        raise Refused(Refusal.WORKING_HOURS_ORDER)
    ordered = sorted(hours)
    for earlier, later in pairwise(ordered):
        if earlier.weekday == later.weekday and later.opens < earlier.closes:
            raise Refused(Refusal.WORKING_HOURS_OVERLAP)


def check_leave(start: datetime, end: datetime, now: datetime) -> None:
    """Leave may have begun (somebody falls ill) but not be over. Raises `Refused(LEAVE_ORDER)` or
    `Refused(LEAVE_PAST)`."""
    if start >= end:
        raise Refused(Refusal.LEAVE_ORDER)
    if end <= now:
        raise Refused(Refusal.LEAVE_PAST)


def is_free(taken: Iterable[Interval], start: datetime, end: datetime) -> bool:
    """Whether [start, end) touches none of the intervals."""
    return all(end <= begin or finish <= start for begin, finish in taken)


def working_intervals(hours: Sequence[WorkingHours], start: datetime, end: datetime) -> list[Interval]:
    """When these hours are worked within [start, end): in order, in UTC, stretches that touch made one."""
    if not hours:
        return [(start.astimezone(UTC), end.astimezone(UTC))] if start < end else []
    found: list[Interval] = []
    for begin, finish in sorted(_stretches(hours, start, end)):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], finish)
        else:
            found.append((begin, finish))
    return found


def is_working(hours: Sequence[WorkingHours], start: datetime, end: datetime) -> bool:
    """Whether these hours are worked without a break from `start` to `end`."""
    return working_intervals(hours, start, end) == [(start.astimezone(UTC), end.astimezone(UTC))]


def is_available(
    hours: Sequence[WorkingHours], leaves: Iterable[Interval], start: datetime, end: datetime
) -> bool:
    """Whether a technician works for the whole of [start, end), on leave for none of it."""
    return is_working(hours, start, end) and is_free(leaves, start, end)


def _stretches(hours: Sequence[WorkingHours], start: datetime, end: datetime) -> Iterable[Interval]:
    day, last = start.astimezone(PARIS).date(), end.astimezone(PARIS).date()
    while day <= last:
        for one in hours:
            if one.weekday == day.weekday():
                begin = max(start, datetime.combine(day, one.opens, PARIS).astimezone(UTC))
                finish = min(end, datetime.combine(day, one.closes, PARIS).astimezone(UTC))
                # Of a stretch that a change of clock skips, nothing is left.
                if begin < finish:
                    yield begin.astimezone(UTC), finish.astimezone(UTC)
        day += timedelta(days=1)
