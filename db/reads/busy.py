"""When the technicians of a skill can work and when they are taken, for the cutting of slots."""

from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payees import Payee
from db.models.people import Person, Technician, TechnicianSkill
from db.models.tickets import BookingState
from db.reads.availability import leaves_during, working_hours_of
from db.reads.leaving import is_leaving
from db.reads.vetting import may_be_given_clients
from db.reads.views import TakenTime
from domain.availability import Agenda, Interval
from domain.opening_hours import PARIS
from domain.vetting import good_until


async def busy(
    session: AsyncSession,
    skill: str,
    start: datetime,
    end: datetime,
    now: datetime,
    client_id: str,
    required_level: int = 1,
) -> dict[str, Agenda]:
    """The agenda, between `start` and `end`, of each active technician who has the skill at that level, may
    be given clients and is not about to leave: what is booked or held, their leave, their weekly hours. When
    their papers have ended they are taken.

    Expired holds do not count, and neither does what `client_id` holds: a new hold replaces it.
    """
    others_hold = and_(TakenTime.hold_expires_at > now, TakenTime.held_by.is_distinct_from(client_id))
    rows = await session.execute(
        select(TechnicianSkill.technician_id, TakenTime.during, Payee.vigilance_until)
        .join(Person, Person.id == TechnicianSkill.technician_id)
        .join(Technician, Technician.id == TechnicianSkill.technician_id)
        .join(Payee, Payee.technician_id == TechnicianSkill.technician_id)
        .outerjoin(
            TakenTime,
            and_(
                TakenTime.technician_id == TechnicianSkill.technician_id,
                TakenTime.during.op("&&")(Range(start, end)),
                or_(TakenTime.state == BookingState.BOOKED, others_hold),
            ),
        )
        .where(
            TechnicianSkill.skill == skill,
            TechnicianSkill.level >= required_level,
            Person.active,
            ~is_leaving(TechnicianSkill.technician_id),
            *may_be_given_clients(start.astimezone(PARIS).date()),
        )
    )
    taken: dict[str, list[Interval]] = {}
    for technician_id, during, papers_until in rows:
        if technician_id not in taken:
            taken[technician_id] = _without_papers(papers_until, end)
        intervals = taken[technician_id]
        if during is not None and during.lower is not None and during.upper is not None:
            intervals.append((during.lower, during.upper))
    leaves = await leaves_during(session, taken, start, end)
    hours = await working_hours_of(session, taken)
    return {
        technician: Agenda([*intervals, *leaves.get(technician, ())], hours.get(technician, ()))
        for technician, intervals in taken.items()
    }


def _without_papers(papers_until: date | None, end: datetime) -> list[Interval]:
    """The time until `end` for which their papers are not good any more."""
    if papers_until is None or good_until(papers_until) >= end:
        return []
    return [(good_until(papers_until), end)]
