"""The slots that can be offered now, from the opening hours and from who can work and is free."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from api.dependencies import Dependencies
from db.reads.busy import busy
from db.reads.skills import required_level
from domain.errors import Refusal, Refused
from domain.slots import Slot, free_slots

ALTERNATIVES = 5
ALTERNATIVES_WITHIN = timedelta(days=7)


def length_of(given: Dependencies, minutes: int) -> timedelta:
    """A demo's minutes are shorter than the clock's."""
    return minutes * given.deadlines.minute


async def search_slots(
    session: AsyncSession,
    given: Dependencies,
    *,
    client_id: str,
    skill: str,
    length: timedelta,
    start: datetime,
    end: datetime,
    at_most: int,
    level: int | None = None,
) -> list[Slot]:
    """`level` is what is asked of whoever helps; what the skill asks, if it is not known already. Raises
    `Refused(UNKNOWN_SKILL)`."""
    level = level or await required_level(session, skill)
    if level is None:
        raise Refused(Refusal.UNKNOWN_SKILL)
    now = given.clock()
    taken = await busy(session, skill, start, end + length, now, client_id, level)
    return free_slots(
        rules=given.slot_rules,
        hours=given.hours,
        busy=taken,
        length=length,
        now=now,
        start=start,
        end=end,
        at_most=at_most,
    )


async def alternatives(
    session: AsyncSession,
    given: Dependencies,
    client_id: str,
    skill: str,
    length: timedelta,
    start: datetime,
) -> list[Slot]:
    """The next free slots from the time that was wanted, which comes first if it is free itself. Raises
    `Refused(UNKNOWN_SKILL)`."""
    return await search_slots(
        session,
        given,
        client_id=client_id,
        skill=skill,
        length=length,
        start=start,
        end=start + ALTERNATIVES_WITHIN,
        at_most=ALTERNATIVES,
    )
