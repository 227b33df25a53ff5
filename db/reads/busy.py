"""When the technicians of a skill can work and when they are taken, for the cutting of slots."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, Range, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from db.models.availability import Leave, WorkingStretch
from db.models.payees import Payee
from db.models.people import Person, Technician, TechnicianSkill
from db.models.tickets import BookingState
from db.reads.availability import leave_touches
from db.reads.leaving import is_leaving
from db.reads.vetting import may_be_given_clients
from db.reads.views import TakenTime
from domain.availability import Agenda, Interval, WorkingHours
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
    me = TechnicianSkill.technician_id
    others_hold = and_(TakenTime.hold_expires_at > now, TakenTime.held_by.is_distinct_from(client_id))
    taken = _spans(
        TakenTime.during,
        TakenTime.technician_id == me,
        TakenTime.during.op("&&")(Range(start, end)),
        or_(TakenTime.state == BookingState.BOOKED, others_hold),
    )
    away = _spans(Leave.during, Leave.technician_id == me, leave_touches(start, end))
    rows = await session.execute(
        select(me, Payee.vigilance_until, taken, away, _week(me))
        .join(Person, Person.id == me)
        .join(Technician, Technician.id == me)
        .join(Payee, Payee.technician_id == me)
        .where(
            TechnicianSkill.skill == skill,
            TechnicianSkill.level >= required_level,
            Person.active,
            ~is_leaving(me),
            *may_be_given_clients(start.astimezone(PARIS).date()),
        )
    )
    return {
        technician: Agenda(
            [*_without_papers(papers_until, end), *_intervals(spans), *_intervals(leaves)],
            [_working_hours(*one) for one in week] if week else (),
        )
        for technician, papers_until, spans, leaves, week in rows
    }


def _spans(span: InstrumentedAttribute[Range[datetime]], *where: ColumnElement[bool]) -> Any:
    """Those of one technician, in the statement about all of them: there is one round trip, however many."""
    gathered = func.array_agg(span, type_=ARRAY(TSTZRANGE))
    return select(gathered).where(*where).correlate(TechnicianSkill).scalar_subquery()


def _week(technician: InstrumentedAttribute[str]) -> Any:
    one = func.jsonb_build_array(WorkingStretch.weekday, WorkingStretch.opens, WorkingStretch.closes)
    ordered = aggregate_order_by(one, WorkingStretch.weekday, WorkingStretch.opens)
    return (
        select(func.jsonb_agg(ordered, type_=JSONB))
        .where(WorkingStretch.technician_id == technician)
        .correlate(TechnicianSkill)
        .scalar_subquery()
    )


def _intervals(spans: list[Range[datetime]] | None) -> list[Interval]:
    return [(one.lower, one.upper) for one in spans or () if one.lower is not None and one.upper is not None]


def _working_hours(weekday: int, opens: str, closes: str) -> WorkingHours:
    return WorkingHours(weekday, time.fromisoformat(opens), time.fromisoformat(closes))


def _without_papers(papers_until: date | None, end: datetime) -> list[Interval]:
    """The time until `end` for which their papers are not good any more."""
    if papers_until is None or good_until(papers_until) >= end:
        return []
    return [(good_until(papers_until), end)]
