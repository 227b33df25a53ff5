"""The free slots as a page shows them: day by day, a few days at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from api.dependencies import Dependencies
from api.slot_search import length_of, search_slots
from domain.opening_hours import PARIS
from domain.slots import Slot

# So many days are shown at once; closed days are among them.
LONGEST_LOOK = timedelta(days=4)
MOST_SLOTS = 200


@dataclass(frozen=True)
class Day:
    day: datetime
    starts: list[datetime]


@dataclass(frozen=True)
class Days:
    """`earlier` and `later` are the first days of the pages around, as addresses have them."""

    days: list[Day]
    start: date
    earlier: str | None
    later: str | None


def _first_day(text: str | None, now: datetime, horizon: timedelta) -> datetime:
    """The midnight of that day in Paris, `2026-11-24`; now for what is no day, or past, or later than
    anything is offered."""
    try:
        wanted = date.fromisoformat(text or "")
    except ValueError:
        return now
    today, last = now.astimezone(PARIS).date(), (now + horizon).astimezone(PARIS).date()
    return datetime.combine(wanted, time(), PARIS) if today < wanted <= last else now


async def free_days(
    session: AsyncSession,
    given: Dependencies,
    *,
    client_id: str,
    skill: str,
    minutes: int,
    level: int,
    day: str | None,
) -> Days:
    """The free slots for this client, as long as `minutes`, on the days from `day` on."""
    now = given.clock()
    start = _first_day(day, now, given.slot_rules.horizon)
    slots = await search_slots(
        session,
        given,
        client_id=client_id,
        skill=skill,
        length=length_of(given, minutes),
        start=start,
        end=start + LONGEST_LOOK,
        at_most=MOST_SLOTS,
        level=level,
    )
    return _by_day(slots, start, now, given)


def _by_day(slots: list[Slot], start: datetime, now: datetime, given: Dependencies) -> Days:
    first, today = start.astimezone(PARIS).date(), now.astimezone(PARIS).date()
    later = first + LONGEST_LOOK
    last = (now + given.slot_rules.horizon).astimezone(PARIS).date()
    return Days(
        days=[
            Day(datetime.combine(day, time(12), PARIS), _one_a_minute(slot.start for slot in found))
            for day, found in groupby(slots, lambda slot: slot.start.astimezone(PARIS).date())
        ],
        start=first,
        earlier=max(first - LONGEST_LOOK, today).isoformat() if first > today else None,
        later=later.isoformat() if later < last else None,
    )


def _one_a_minute(starts: Iterable[datetime]) -> list[datetime]:
    """A demo's slots are seconds apart, which nobody could tell from each other: the last of each minute."""
    return list({start.replace(second=0): start for start in starts}.values())
