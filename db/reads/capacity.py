"""The tickets that a change of capacity concerns."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.availability import CapacityEvent, CapacityKind
from db.models.tickets import Ticket
from db.reads.availability import technician_can_keep
from domain.tickets import Status


async def tickets_to_assign(session: AsyncSession) -> Sequence[str]:
    """The numbers of those that wait for a technician, the longest open first."""
    query = (
        select(Ticket.number)
        .where(Ticket.status == Status.TO_ASSIGN)
        .order_by(Ticket.opened_at, Ticket.number)
    )
    return (await session.scalars(query)).all()


async def appointments_to_come(
    session: AsyncSession, technician_ids: Collection[str], now: datetime
) -> Sequence[str]:
    """The numbers of the tickets that those technicians have still to call for, the next first."""
    query = (
        select(Ticket.number)
        .where(
            Ticket.status == Status.SCHEDULED,
            Ticket.technician_id.in_(technician_ids),
            Ticket.appointment_start > now,
        )
        .order_by(Ticket.appointment_start, Ticket.number)
    )
    return (await session.scalars(query)).all()


async def appointments_not_kept(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """(ticket, technician) of the appointments to come that their technician cannot keep, and of which no
    event that is still to be told says so, the next first."""
    told = exists().where(
        CapacityEvent.kind == CapacityKind.LOST, CapacityEvent.technician_id == Ticket.technician_id
    )
    query = (
        select(Ticket.number, Ticket.technician_id)
        .where(
            Ticket.status == Status.SCHEDULED,
            Ticket.technician_id.is_not(None),
            Ticket.appointment_start > now,
            ~told,
        )
        .order_by(Ticket.appointment_start, Ticket.number)
    )
    coming = (await session.execute(query)).all()
    return [(number, str(who)) for number, who in coming if not await technician_can_keep(session, number)]
