"""Tickets as lists show them, to those who may see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Skill
from db.models.tickets import Ticket
from db.reads.people import KnownPerson, shown_name_of
from db.reads.relations import tickets_of
from domain.tickets import Status

# A place in a list ordered by an instant, then by ticket number.
Place = tuple[datetime, str]


@dataclass(frozen=True)
class TicketRow:
    ticket: Ticket
    skill_label: str
    client_name: str
    technician_name: str | None


def ticket_rows() -> Select[Ticket, str, str, str]:
    return select(
        Ticket, Skill.label, shown_name_of(Ticket.client_id), shown_name_of(Ticket.technician_id)
    ).join(Skill, Skill.code == Ticket.skill)


async def find_ticket(session: AsyncSession, number: str, person: KnownPerson) -> TicketRow | None:
    """None when there is none, or none that this person may see: the two must look the same."""
    query = ticket_rows().where(Ticket.number == number, tickets_of(person))
    row = (await session.execute(query)).one_or_none()
    return TicketRow(*row) if row else None


async def newest_tickets(
    session: AsyncSession, person: KnownPerson, *, after: Place | None, limit: int
) -> list[TicketRow]:
    """Newest first, from the place `after` on."""
    query = ticket_rows().where(tickets_of(person))
    if after is not None:
        query = query.where(tuple_(Ticket.opened_at, Ticket.number) < after)
    query = query.order_by(Ticket.opened_at.desc(), Ticket.number.desc()).limit(limit)
    return await _rows(session, query)


async def appointments_of(
    session: AsyncSession, person: KnownPerson, start: datetime, end: datetime
) -> list[TicketRow]:
    """The person's tickets whose appointment touches [start, end), in order of time."""
    query = (
        ticket_rows()
        .where(
            tickets_of(person),
            Ticket.appointment_start < end,
            Ticket.appointment_end > start,
        )
        .order_by(Ticket.appointment_start, Ticket.number)
    )
    return await _rows(session, query)


async def status_of(session: AsyncSession, number: str) -> Status | None:
    return await session.scalar(select(Ticket.status).where(Ticket.number == number))


async def _rows(session: AsyncSession, query: Select[Ticket, str, str, str]) -> list[TicketRow]:
    return [TicketRow(*row) for row in await session.execute(query)]
