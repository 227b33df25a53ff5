"""The technicians who could take an appointment, as `domain.matching` wants to see them."""

from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Person, Technician, TechnicianSkill
from db.models.tickets import Booking, BookingState, Session
from domain.matching import Candidate
from domain.opening_hours import PARIS


async def candidates(
    session: AsyncSession, skill: str, start: datetime, end: datetime, now: datetime
) -> list[Candidate]:
    """Every active technician, with what decides: the skill, free for the whole of [start, end), how many
    appointments in the Paris week of `start`, and when their last session began. Expired holds do not
    count."""
    week_start, week_end = _week(start)
    live = or_(Booking.state == BookingState.BOOKED, Booking.hold_expires_at > now)
    busy = select(Booking.id).where(
        Booking.technician_id == Technician.id, live, Booking.during.op("&&")(Range(start, end))
    )
    booked = (
        select(func.count())
        .select_from(Booking)
        .where(
            Booking.technician_id == Technician.id,
            Booking.state == BookingState.BOOKED,
            Booking.during.op("&&")(Range(week_start, week_end)),
        )
    )
    worked = select(func.max(Session.started_at)).where(Session.technician_id == Technician.id)
    rows = await session.execute(
        select(
            Technician.id,
            TechnicianSkill.skill.is_not(None),
            ~busy.correlate(Technician).exists(),
            booked.correlate(Technician).scalar_subquery(),
            worked.correlate(Technician).scalar_subquery(),
        )
        .join(Person, Person.id == Technician.id)
        .outerjoin(
            TechnicianSkill,
            and_(TechnicianSkill.technician_id == Technician.id, TechnicianSkill.skill == skill),
        )
        .where(Person.active)
        .order_by(Technician.id)
    )
    return [Candidate(*row) for row in rows]


def _week(instant: datetime) -> tuple[datetime, datetime]:
    """The calendar week, Monday to Monday in Paris, that the instant falls in."""
    day = instant.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=7)
