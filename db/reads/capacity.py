"""The tickets that a change of capacity concerns."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import Ticket
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
