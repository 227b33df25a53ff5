"""The journal of a ticket."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Person
from db.models.tickets import JournalEntry


@dataclass(frozen=True)
class JournalLine:
    """`actor_name` is None for the service itself."""

    entry: JournalEntry
    actor_name: str | None


async def journal_of(session: AsyncSession, ticket: str) -> list[JournalLine]:
    """Every act on the ticket, oldest first."""
    rows = await session.execute(
        select(JournalEntry, Person.name)
        .outerjoin(Person, cast(Person.id, String) == JournalEntry.actor_id)
        .where(JournalEntry.ticket == ticket)
        .order_by(JournalEntry.recorded_at, JournalEntry.id)
    )
    return [JournalLine(entry, name) for entry, name in rows]


async def last_acts(session: AsyncSession, tickets: Collection[str]) -> dict[str, datetime]:
    """When the last act on each of these tickets was done."""
    rows = await session.execute(
        select(JournalEntry.ticket, func.max(JournalEntry.at).label("at"))
        .where(JournalEntry.ticket.in_(tickets))
        .group_by(JournalEntry.ticket)
    )
    return {row.ticket: row.at for row in rows}
