"""Whether a technician can still do what they are booked for."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Person
from db.models.tickets import Ticket


async def technician_can_keep(session: AsyncSession, number: str) -> bool:
    """Whether the ticket's technician may keep its appointment."""
    query = (
        select(Person.active).join(Ticket, Ticket.technician_id == Person.id).where(Ticket.number == number)
    )
    return bool(await session.scalar(query))
