"""What the checks have found, kept, and with it what the team is to be told: decided in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.invariants import InvariantAlert, InvariantCheck
from domain.invariants import Found, Told, change_of


async def record_checks(session: AsyncSession, at: datetime, found: Sequence[Found]) -> bool:
    """Enter one check of every invariant, and an alert for each that has news. Answers whether any has. A
    second time for the same moment, nothing is entered."""
    if not await session.scalar(select(exists().where(InvariantCheck.at == at))):
        told = await _told_last(session)
        for one in found:
            check = InvariantCheck(
                at=at, name=one.name.value, ok=one.ok, total=one.total, rows=[dict(row) for row in one.rows]
            )
            session.add(check)
            await session.flush()
            if (change := change_of(one, told.get(one.name.value), at)) is not None:
                session.add(InvariantAlert(check_id=check.id, at=at, kind=change))
        await session.flush()
    return bool(await session.scalar(select(exists().where(InvariantAlert.at == at))))


async def _told_last(session: AsyncSession) -> dict[str, Told]:
    """By the invariant's name."""
    query = (
        select(InvariantCheck, InvariantAlert.kind)
        .join(InvariantAlert, InvariantAlert.check_id == InvariantCheck.id)
        .ext(distinct_on(InvariantCheck.name))
        .order_by(InvariantCheck.name, InvariantAlert.at.desc())
    )
    return {
        check.name: Told(check.at, change, check.total, check.rows)
        for check, change in await session.execute(query)
    }
