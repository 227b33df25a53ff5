"""What the checks found: the last of each invariant and since when, and what is told of one moment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.invariants import InvariantAlert, InvariantCheck
from domain.invariants import Change


@dataclass(frozen=True)
class LastCheck:
    """`since`: the first check after which the outcome has not changed."""

    check: InvariantCheck
    since: datetime


async def last_checks(session: AsyncSession) -> list[LastCheck]:
    """All of the last moment, by name."""
    check, earlier, same = aliased(InvariantCheck), aliased(InvariantCheck), aliased(InvariantCheck)
    changed_at = (
        select(func.max(earlier.at))
        .where(earlier.name == check.name, earlier.ok == not_(check.ok))
        .correlate(check)
        .scalar_subquery()
    )
    since = (
        select(func.min(same.at))
        .where(
            same.name == check.name,
            same.ok == check.ok,
            or_(changed_at.is_(None), same.at > changed_at),
        )
        .correlate(check)
        .scalar_subquery()
    )
    last_at = select(func.max(InvariantCheck.at)).scalar_subquery()
    rows = await session.execute(select(check, since).where(check.at == last_at).order_by(check.name))
    return [LastCheck(found, at) for found, at in rows]


async def alerts_at(session: AsyncSession, at: datetime) -> list[tuple[InvariantCheck, Change]]:
    """The checks of that moment of which the team is told, and what."""
    query = (
        select(InvariantCheck, InvariantAlert.kind)
        .join(InvariantAlert, InvariantAlert.check_id == InvariantCheck.id)
        .where(InvariantAlert.at == at)
        .order_by(InvariantCheck.id)
    )
    return [(check, change) for check, change in await session.execute(query)]
