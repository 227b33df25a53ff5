"""A technician's day as the cells of a table, in quarters of an hour: no script and no style draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from db.models.tickets import BookingState
from db.reads.day import LEAVE, Taken, TechnicianDay
from domain.availability import Interval, working_intervals
from domain.opening_hours import PARIS, OpeningHours

QUARTER = timedelta(minutes=15)
PER_HOUR = 4
# What is not taken: time in which they work, and time in which they do not.
FREE, OFF = "free", "off"
# The later one wins where two are at the same time: a ticket that is booked during leave must be seen.
ORDER = (LEAVE, BookingState.HELD.value, BookingState.BOOKED.value)


@dataclass(frozen=True)
class Cell:
    """`span` quarters of an hour from `start` on; `taken` is none for what is free or not worked."""

    kind: str
    start: datetime
    end: datetime
    taken: Taken | None

    @property
    def span(self) -> int:
        return (self.end - self.start) // QUARTER


@dataclass(frozen=True)
class Line:
    name: str
    cells: list[Cell]

    @property
    def busy(self) -> list[Cell]:
        """What is worth telling one by one."""
        return [cell for cell in self.cells if cell.taken is not None]


@dataclass(frozen=True)
class DayTable:
    """`hours` are the instants that head the columns, one for every four quarters."""

    hours: list[datetime]
    lines: list[Line]


def day_table(day: date, people: Sequence[TechnicianDay], opening: OpeningHours) -> DayTable:
    """From the hour of opening to that of closing, or as long as something is booked. What begins or ends
    within a quarter takes all of it."""
    begin, finish = _bounds(day, people, opening)
    length = (finish - begin) // QUARTER
    quarters = [begin + QUARTER * n for n in range(length)]
    open_then = list(opening.intervals(begin, finish))
    return DayTable(hours=quarters[::PER_HOUR], lines=[_line(one, quarters, open_then) for one in people])


def _bounds(day: date, people: Sequence[TechnicianDay], opening: OpeningHours) -> Interval:
    midnight = datetime.combine(day, time(), PARIS)
    end_of_day = datetime.combine(day + timedelta(days=1), time(), PARIS)
    booked = [one for person in people for one in person.taken if one.kind == BookingState.BOOKED]
    earliest = min([datetime.combine(day, opening.opens, PARIS), *(one.start for one in booked)])
    latest = max([datetime.combine(day, opening.closes, PARIS), *(one.end for one in booked)])
    begin = max(earliest, midnight).astimezone(PARIS).replace(minute=0, second=0, microsecond=0)
    last = min(latest, end_of_day).astimezone(PARIS)
    finish = last.replace(minute=0, second=0, microsecond=0)
    return begin, finish if finish == last else finish + timedelta(hours=1)


def _line(person: TechnicianDay, quarters: Sequence[datetime], opening: Sequence[Interval]) -> Line:
    worked = opening
    if person.hours is not None:
        worked = working_intervals(person.hours, quarters[0], quarters[-1] + QUARTER)
    taken = sorted(person.taken, key=lambda one: ORDER.index(one.kind), reverse=True)

    def what(quarter: datetime) -> tuple[str, Taken | None]:
        until = quarter + QUARTER
        found = next((one for one in taken if one.start < until and quarter < one.end), None)
        if found is not None:
            return found.kind, found
        return (FREE if any(a <= quarter and until <= b for a, b in worked) else OFF), None

    cells = []
    for (kind, found), those in groupby(quarters, key=what):
        run = list(those)
        cells.append(Cell(kind, run[0], run[-1] + QUARTER, found))
    return Line(person.name, cells)
