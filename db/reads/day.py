"""One day of all technicians: who works when, what is booked or held, who is away."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import String, and_, func, literal, null, or_, select, union_all
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.availability import Leave
from db.models.people import Person, Skill, Technician
from db.models.tickets import Booking, BookingState, Ticket
from db.reads.availability import working_hours_of
from db.reads.people import shown_name_of
from domain.availability import WorkingHours

LEAVE = "leave"


@dataclass(frozen=True)
class Taken:
    """`kind` is a `BookingState` or `LEAVE`; the ticket, its skill and client are those of what is booked."""

    kind: str
    start: datetime
    end: datetime
    ticket: str | None
    skill: str | None
    client: str | None


@dataclass(frozen=True)
class TechnicianDay:
    """`hours` is their week; none for those who work whenever the service is open."""

    id: str
    name: str
    hours: list[WorkingHours] | None
    taken: list[Taken] = field(default_factory=list)


async def day_of_technicians(
    session: AsyncSession, start: datetime, end: datetime, now: datetime
) -> list[TechnicianDay]:
    """By name, those who are active and those who have something booked then. Holds that have expired are
    none."""
    held_or_booked = or_(Booking.state == BookingState.BOOKED, Booking.hold_expires_at > now)
    booked = (
        select(
            Booking.technician_id.label("technician"),
            Booking.state.cast(String).label("kind"),
            func.lower(Booking.during).label("start"),
            func.upper(Booking.during).label("end"),
            Booking.ticket.label("ticket"),
            Skill.label.label("skill"),
            shown_name_of(Ticket.client_id).label("client"),
        )
        .join(Skill, Skill.code == Booking.skill)
        .outerjoin(Ticket, Ticket.number == Booking.ticket)
        .where(Booking.during.op("&&")(Range(start, end)), held_or_booked)
    )
    away = select(
        Leave.technician_id,
        literal(LEAVE, String),
        func.lower(Leave.during),
        func.upper(Leave.during),
        null(),
        null(),
        null(),
    ).where(Leave.during.op("&&")(Range(start, end)))
    taken = union_all(booked, away).subquery()
    rows = await session.execute(
        select(Person.id, Person.name, Person.active, taken)
        .join(Technician, Technician.id == Person.id)
        .outerjoin(taken, taken.c.technician == Person.id)
        .where(or_(Person.active, and_(taken.c.kind.is_not(None), taken.c.kind != LEAVE)))
        .order_by(Person.name, Person.id, taken.c.start)
    )
    found = rows.all()
    hours = await working_hours_of(session, {row.id for row in found})
    days: dict[str, TechnicianDay] = {}
    for row in found:
        day = days.setdefault(row.id, TechnicianDay(row.id, row.name, hours.get(row.id)))
        if row.kind is not None:
            day.taken.append(Taken(row.kind, row.start, row.end, row.ticket, row.skill, row.client))
    return list(days.values())
