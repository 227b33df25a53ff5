"""The work of a technician, with all that tells what must be done of each ticket now, in one statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.disputes import Ruling
from db.models.tickets import Consent, JournalEntry, Session, Ticket
from db.reads.people import KnownPerson
from db.reads.relations import tickets_of
from db.reads.tickets import TicketRow, ticket_rows
from domain.expectations import Stamps
from domain.rulings import RulingKind
from domain.tickets import Status

# What waits for its technician, whenever it was to be done.
TO_DO = (Status.SCHEDULED, Status.IN_SESSION, Status.TO_REPORT)


@dataclass(frozen=True)
class Work:
    row: TicketRow
    stamps: Stamps


async def work_of(
    session: AsyncSession, person: KnownPerson, start: datetime, end: datetime, now: datetime
) -> list[Work]:
    """What has its appointment in [start, end), and what is late from before; in order of time."""
    last = func.max(func.coalesce(Session.ended_at, Session.started_at))
    since = select(func.max(JournalEntry.at)).where(
        JournalEntry.ticket == Ticket.number,
        or_(JournalEntry.before != JournalEntry.after, JournalEntry.details.has_key("sequence")),
    )
    consented = select(Consent.ticket).where(
        Consent.ticket == Ticket.number, Consent.sequence == Ticket.sequence
    )
    rework = select(Ruling.number).where(Ruling.ticket == Ticket.number, Ruling.kind == RulingKind.REWORK)
    query = (
        ticket_rows()
        .add_columns(
            func.coalesce(since.scalar_subquery(), Ticket.opened_at),
            select(last).where(Session.ticket == Ticket.number).scalar_subquery(),
            consented.exists(),
            rework.exists(),
        )
        .where(
            tickets_of(person),
            Ticket.appointment_start < end,
            or_(Ticket.appointment_start >= start, Ticket.status.in_(TO_DO)),
        )
        .order_by(Ticket.appointment_start, Ticket.number)
    )
    return [_work(*found, now=now) for found in await session.execute(query)]


def _work(
    ticket: Ticket,
    skill: str,
    client: str,
    technician: str | None,
    since: datetime,
    session_at: datetime | None,
    consented: bool,
    is_free: bool,
    *,
    now: datetime,
) -> Work:
    stamps = Stamps(
        since=since,
        start=ticket.appointment_start,
        is_late=now >= ticket.appointment_start,
        is_free=is_free,
        acknowledged=ticket.acknowledged_at is not None,
        called=ticket.called_at is not None,
        consented=consented,
        session_at=session_at,
    )
    return Work(TicketRow(ticket, skill, client, technician), stamps)
