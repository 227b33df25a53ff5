"""When the technicians of a skill are taken, for the cutting of slots."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Person, TechnicianSkill
from db.models.tickets import Booking, BookingState
from domain.slots import Interval


async def busy(
    session: AsyncSession, skill: str, start: datetime, end: datetime, now: datetime, client_id: str
) -> dict[str, list[Interval]]:
    """What occupies each active technician of the skill between `start` and `end`; nothing, for some.

    Expired holds do not count, and neither does what `client_id` holds: a new hold replaces it.
    """
    others_hold = and_(Booking.hold_expires_at > now, Booking.held_by.is_distinct_from(client_id))
    rows = await session.execute(
        select(TechnicianSkill.technician_id, Booking.during)
        .join(Person, Person.id == TechnicianSkill.technician_id)
        .outerjoin(
            Booking,
            and_(
                Booking.technician_id == TechnicianSkill.technician_id,
                Booking.during.op("&&")(Range(start, end)),
                or_(Booking.state == BookingState.BOOKED, others_hold),
            ),
        )
        .where(TechnicianSkill.skill == skill, Person.active)
    )
    taken: dict[str, list[Interval]] = {}
    for technician_id, during in rows:
        intervals = taken.setdefault(technician_id, [])
        if during is not None and during.lower is not None and during.upper is not None:
            intervals.append((during.lower, during.upper))
    return taken
