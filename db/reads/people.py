"""Who people are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Person, Technician, TechnicianSkill
from domain.accesses import STAFF
from domain.tickets import Role


@dataclass(frozen=True)
class KnownPerson:
    id: str
    role: Role
    name: str
    mail: str


async def active_person(session: AsyncSession, person_id: str) -> KnownPerson | None:
    """None when there is no such person, or when their account was closed."""
    row = await session.scalar(select(Person).where(Person.id == person_id, Person.active))
    return KnownPerson(row.id, row.role, row.name, row.mail) if row else None


async def person_of_mail(session: AsyncSession, mail: str) -> str | None:
    """The id of the person who may sign in with that address, given in small letters."""
    query = select(Person.id).where(
        func.lower(Person.mail) == mail, Person.active, Person.role != Role.SYSTEM
    )
    return await session.scalar(query.order_by(Person.id).limit(1))


async def person_with_mail(session: AsyncSession, mail: str) -> str | None:
    """The id of whoever has that address, given in small letters; closed accounts included."""
    return await session.scalar(select(Person.id).where(func.lower(Person.mail) == mail))


async def colleagues(session: AsyncSession) -> Sequence[Person]:
    """The team by name, closed accounts included."""
    query = select(Person).where(Person.role.in_(STAFF)).order_by(Person.name, Person.id)
    return (await session.scalars(query)).all()


async def colleague_with_id(session: AsyncSession, person_id: str) -> Person | None:
    """None for somebody who is not of the team."""
    return await session.scalar(select(Person).where(Person.id == person_id, Person.role.in_(STAFF)))


async def skills_of(session: AsyncSession, technician_id: str) -> list[str]:
    query = (
        select(TechnicianSkill.skill)
        .where(TechnicianSkill.technician_id == technician_id)
        .order_by(TechnicianSkill.skill)
    )
    return list(await session.scalars(query))


async def is_technician(session: AsyncSession, person_id: str) -> bool:
    return await session.get(Technician, person_id) is not None


async def names_of(session: AsyncSession, person_ids: set[str]) -> dict[str, str]:
    """The names of those ids that are people; closed accounts keep theirs until they are erased."""
    rows = await session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}
