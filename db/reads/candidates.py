"""The technicians who could take an appointment, as `domain.matching` wants to see them."""

from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payees import Payee
from db.models.people import Person, Technician, TechnicianSkill
from db.models.tickets import BookingState, Session
from db.reads.availability import leaves_during, working_hours_of
from db.reads.leaving import is_leaving
from db.reads.vetting import may_be_given_clients
from db.reads.views import TakenTime
from domain.availability import is_working
from domain.matching import Candidate
from domain.opening_hours import PARIS


async def candidates(
    session: AsyncSession, skill: str, start: datetime, end: datetime, now: datetime
) -> list[Candidate]:
    """Every active technician who may be given clients then and is not about to leave, with what decides:
    their level in the skill; at work, on no leave and free for the whole of [start, end); how many
    appointments in the Paris week of `start`, and when their last session began. Expired holds do not
    count. Those whose level is too low are among them: `choose` says so.
    """
    week_start, week_end = _week(start)
    live = or_(TakenTime.state == BookingState.BOOKED, TakenTime.hold_expires_at > now)
    busy = select(TakenTime.id).where(
        TakenTime.technician_id == Technician.id, live, TakenTime.during.op("&&")(Range(start, end))
    )
    booked = (
        select(func.count())
        .select_from(TakenTime)
        .where(
            TakenTime.technician_id == Technician.id,
            TakenTime.state == BookingState.BOOKED,
            TakenTime.during.op("&&")(Range(week_start, week_end)),
        )
    )
    worked = select(func.max(Session.started_at)).where(Session.technician_id == Technician.id)
    query = (
        select(
            Technician.id,
            TechnicianSkill.level.label("level"),
            (~busy.correlate(Technician).exists()).label("free"),
            booked.correlate(Technician).scalar_subquery().label("booked"),
            worked.correlate(Technician).scalar_subquery().label("worked"),
        )
        .join(Person, Person.id == Technician.id)
        .join(Payee, Payee.technician_id == Technician.id)
        .outerjoin(
            TechnicianSkill,
            and_(TechnicianSkill.technician_id == Technician.id, TechnicianSkill.skill == skill),
        )
        .where(Person.active, ~is_leaving(Technician.id))
        .where(*may_be_given_clients(end.astimezone(PARIS).date()))
        .order_by(Technician.id)
    )
    rows = (await session.execute(query)).all()
    ids = [row.id for row in rows]
    leaves = await leaves_during(session, ids, start, end)
    hours = await working_hours_of(session, ids)
    return [
        Candidate(
            technician_id=row.id,
            level=row.level,
            working=is_working(hours.get(row.id, ()), start, end),
            on_leave=row.id in leaves,
            free=row.free,
            booked_this_week=row.booked,
            last_worked_at=row.worked,
        )
        for row in rows
    ]


def _week(instant: datetime) -> tuple[datetime, datetime]:
    """The calendar week, Monday to Monday in Paris, that the instant falls in."""
    day = instant.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=7)
