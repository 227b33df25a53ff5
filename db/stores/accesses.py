"""Entering what the team reads and does."""

from sqlalchemy import exists, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.accesses import Access
from domain.accesses import FOLDED_FOR, Entry


async def record(session: AsyncSession, entry: Entry) -> None:
    await session.execute(insert(Access).values(_columns(entry)))


async def record_once(session: AsyncSession, entry: Entry) -> None:
    """Unless an entry of the last minutes says the same."""
    columns = _columns(entry)
    said = exists().where(
        Access.person_id == entry.person_id,
        Access.kind == entry.kind,
        Access.subject.is_not_distinct_from(entry.subject),
        Access.part.is_not_distinct_from(entry.part),
        Access.request.is_not_distinct_from(entry.request),
        Access.at > entry.at - FOLDED_FOR,
        Access.at <= entry.at,
    )
    line = select(*(literal(value, Access.__table__.c[name].type) for name, value in columns.items()))
    await session.execute(insert(Access).from_select(list(columns), line.where(~said)))


def _columns(entry: Entry) -> dict[str, object]:
    return {
        "at": entry.at,
        "person_id": entry.person_id,
        "role": entry.role,
        "kind": entry.kind.value,
        "subject": entry.subject,
        "part": entry.part,
        "request": entry.request,
    }


async def purge(session: AsyncSession) -> int:
    """What is older than `KEPT_FOR` by the database's own clock, and how much that was: it alone may."""
    return int(await session.scalar(select(func.purge_accesses())) or 0)
