"""The technicians as the back office sees them, with all that is set about each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Uuid, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.availability import Leave
from db.models.payees import Payee
from db.models.people import Person, Technician, TechnicianSkill
from db.reads.availability import working_hours_of
from db.reads.gathered import Wanted
from db.reads.leaving import is_leaving
from db.reads.vetting import may_be_given_clients
from domain.availability import WorkingHours
from domain.tickets import Role


@dataclass(frozen=True)
class TechnicianFile:
    """`skills` with their levels, by code; `leaves` that are not over, in order."""

    id: str
    name: str
    mail: str
    active: bool
    suspended_at: datetime | None
    vetted_at: datetime | None
    papers_until: date | None
    skills: dict[str, int]
    working_hours: list[WorkingHours]
    leaves: list[Leave]


async def all_technicians(session: AsyncSession, now: datetime) -> list[TechnicianFile]:
    """By name."""
    ids = (await session.scalars(select(Technician.id))).all()
    return await _files(session, ids, now)


def working_technicians(day: date) -> Wanted:
    """Those who may be given an appointment on that day, as people, in the order of names."""
    vetted = (
        select(Technician.id)
        .join(Payee, Payee.technician_id == Technician.id)
        .where(*may_be_given_clients(day))
    )
    may_work = and_(Person.active, Person.id.in_(vetted), ~is_leaving(Person.id))
    return Wanted(Person, may_work, (Person.name, Person.id), without=frozenset({"mail", "created_at"}))


async def technician_file(session: AsyncSession, technician_id: str, now: datetime) -> TechnicianFile | None:
    found = await _files(session, [technician_id], now)
    return found[0] if found else None


async def technician_of_mail(session: AsyncSession, mail: str) -> str | None:
    """Their id; the address counts in any case."""
    known = cast(func.anybody_with(mail.lower()), Uuid(as_uuid=False))
    return await session.scalar(select(Person.id).where(Person.role == Role.TECHNICIAN, Person.id == known))


async def _files(session: AsyncSession, ids: Collection[str], now: datetime) -> list[TechnicianFile]:
    people = await session.execute(
        select(Person, Technician, Payee.vigilance_until)
        .join(Technician, Technician.id == Person.id)
        .join(Payee, Payee.technician_id == Person.id)
        .where(Person.id.in_(ids))
        .order_by(Person.name, Person.id)
    )
    skills: dict[str, dict[str, int]] = {}
    for skill in await session.scalars(
        select(TechnicianSkill).where(TechnicianSkill.technician_id.in_(ids)).order_by(TechnicianSkill.skill)
    ):
        skills.setdefault(skill.technician_id, {})[skill.skill] = skill.level
    leaves: dict[str, list[Leave]] = {}
    for leave in await session.scalars(
        select(Leave)
        .where(Leave.technician_id.in_(ids), func.upper(Leave.during) > now)
        .order_by(Leave.during)
    ):
        leaves.setdefault(leave.technician_id, []).append(leave)
    hours = await working_hours_of(session, ids)
    return [
        TechnicianFile(
            id=person.id,
            name=person.name,
            mail=person.mail,
            active=person.active,
            suspended_at=technician.suspended_at,
            vetted_at=technician.vetted_at,
            papers_until=papers_until,
            skills=skills.get(person.id, {}),
            working_hours=hours.get(person.id, []),
            leaves=leaves.get(person.id, []),
        )
        for person, technician, papers_until in people
    ]
