"""When technicians work, as the rules of `domain.availability` want to see it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.availability import Leave, WorkingStretch
from db.models.people import Person
from db.models.tickets import Ticket
from domain.availability import Interval, WorkingHours, is_available


async def working_hours_of(
    session: AsyncSession, technician_ids: Collection[str]
) -> dict[str, list[WorkingHours]]:
    """The week of each of them, in order; no entry for those who work whenever the service is open."""
    rows = await session.scalars(
        select(WorkingStretch)
        .where(WorkingStretch.technician_id.in_(technician_ids))
        .order_by(WorkingStretch.weekday, WorkingStretch.opens)
    )
    weeks: dict[str, list[WorkingHours]] = {}
    for row in rows:
        weeks.setdefault(row.technician_id, []).append(WorkingHours(row.weekday, row.opens, row.closes))
    return weeks


async def leaves_of(session: AsyncSession, technician_id: str, now: datetime) -> list[Leave]:
    """Those that are not over, in order."""
    return list(
        await session.scalars(
            select(Leave)
            .where(Leave.technician_id == technician_id, func.upper(Leave.during) > now)
            .order_by(Leave.during)
        )
    )


async def leaves_during(
    session: AsyncSession, technician_ids: Collection[str], start: datetime, end: datetime
) -> dict[str, list[Interval]]:
    """The leave of each of them that touches [start, end); no entry for those who have none then."""
    rows = await session.execute(
        select(Leave.technician_id, Leave.during).where(
            Leave.technician_id.in_(technician_ids), leave_touches(start, end)
        )
    )
    away: dict[str, list[Interval]] = {}
    for technician_id, during in rows:
        if during.lower is not None and during.upper is not None:
            away.setdefault(technician_id, []).append((during.lower, during.upper))
    return away


def leave_touches(start: datetime, end: datetime) -> ColumnElement[bool]:
    """Whether a leave touches [start, end), which may be empty."""
    return Leave.during.op("&&")(Range(start, end)) if start < end else false()


async def technician_can_keep(session: AsyncSession, ticket_number: str) -> bool:
    """Whether the ticket's technician still has an account, and works, on no leave, for the whole of its
    appointment. False as well when the ticket has no technician."""
    row = (
        await session.execute(
            select(Person.id, Ticket.appointment_start, Ticket.appointment_end)
            .join(Person, Person.id == Ticket.technician_id)
            .where(Ticket.number == ticket_number, Person.active)
        )
    ).one_or_none()
    if row is None:
        return False
    technician, start, end = row
    hours = await working_hours_of(session, [technician])
    leaves = await leaves_during(session, [technician], start, end)
    return is_available(hours.get(technician, []), leaves.get(technician, []), start, end)
