"""The journal of what the team read and did."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.accesses import Access
from db.models.tickets import Ticket

# A place in the list: an entry's instant, then its id.
AccessPlace = tuple[datetime, str]


@dataclass(frozen=True)
class Wanted:
    """Which entries: of that person's doing, about that subject, from `start` on and before `end`."""

    person_id: str | None = None
    subject: str | None = None
    start: datetime | None = None
    end: datetime | None = None


async def newest_accesses(
    session: AsyncSession, wanted: Wanted, *, after: AccessPlace | None, limit: int
) -> list[Access]:
    """Newest first, from the place `after` on."""
    query = select(Access)
    if wanted.person_id is not None:
        query = query.where(Access.person_id == wanted.person_id)
    if wanted.subject is not None:
        query = query.where(_about(wanted.subject))
    if wanted.start is not None:
        query = query.where(Access.at >= wanted.start)
    if wanted.end is not None:
        query = query.where(Access.at < wanted.end)
    if after is not None:
        query = query.where(tuple_(Access.at, Access.id) < after)
    query = query.order_by(Access.at.desc(), Access.id.desc()).limit(limit)
    return list(await session.scalars(query))


def _about(subject: str) -> ColumnElement[bool]:
    """A client is the subject of their tickets too: who asks what was read of them means those."""
    try:
        person_id = str(UUID(subject))
    except ValueError:
        return Access.subject == subject
    tickets = select(Ticket.number).where(Ticket.client_id == person_id)
    return or_(Access.subject == person_id, Access.subject.in_(tickets))
