"""When the service is open: Monday to Saturday, 8:00 to 19:00, Paris time, French holidays closed.

Source: the public FAQ (opening hours) and the French calendar of public holidays. All instants that come
in or go out are timezone-aware; the arithmetic is done in UTC so that days of clock change are right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

PARIS = ZoneInfo("Europe/Paris")


# All of metropolitan France, looked up when this is loaded: the library reads translations from the disk,
# which must not happen in the midst of a workflow.
FRENCH_HOLIDAYS = frozenset(holidays.country_holidays("FR", years=range(2020, 2101)))


@dataclass(frozen=True)
class OpeningHours:
    """Weekly opening: `weekdays` by `date.weekday()` (Monday 0), from `opens` to `closes`, Paris time."""

    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    opens: time = time(8)
    closes: time = time(19)
    closed_on_holidays: bool = True
    always: bool = False
    """Open at every hour of every day; for a demo."""

    def intervals(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open intervals within [start, end), in order, in UTC."""
        if self.always:
            if start < end:
                yield start.astimezone(UTC), end.astimezone(UTC)
            return
        day = start.astimezone(PARIS).date()
        last = end.astimezone(PARIS).date()
        while day <= last:
            if self._is_open_on(day):
                opening = datetime.combine(day, self.opens, PARIS).astimezone(UTC)
                closing = datetime.combine(day, self.closes, PARIS).astimezone(UTC)
                if (begin := max(opening, start)) < (finish := min(closing, end)):
                    yield begin.astimezone(UTC), finish.astimezone(UTC)
            day += timedelta(days=1)

    def contains(self, start: datetime, end: datetime) -> bool:
        """Whether the service is open without a break from `start` to `end`."""
        return any(a <= start and end <= b for a, b in self.intervals(start, end))

    def add_working_time(self, start: datetime, length: timedelta) -> datetime:
        """The instant at which `length` of opening time has passed since `start`."""
        left = length
        horizon = start + timedelta(days=60) + length * 7
        for begin, finish in self.intervals(start, horizon):
            if finish - begin >= left:
                return begin + left
            left -= finish - begin
        raise ValueError("these opening hours never open long enough")

    def next_opening(self, after: datetime) -> datetime:
        """The beginning of the next working day: the first opening later than `after`. A service that is
        always open has a morning every 24 hours."""
        if self.always:
            return after + timedelta(days=1)
        horizon = after + timedelta(days=60)
        openings = (begin for begin, _ in self.intervals(after, horizon) if begin > after)
        opening = next(openings, None)
        if opening is None:
            raise ValueError("these opening hours never open")
        return opening

    def _is_open_on(self, day: date) -> bool:
        if day.weekday() not in self.weekdays:
            return False
        return not (self.closed_on_holidays and day in FRENCH_HOLIDAYS)


PRODUCTION = OpeningHours()
ALWAYS = OpeningHours(always=True)


def paris_month(instant: datetime) -> str:
    """The calendar month, Paris time, that the instant falls in: `YYYY-MM`."""
    return instant.astimezone(PARIS).strftime("%Y-%m")
