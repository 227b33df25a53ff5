"""Who people are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Uuid, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from db.models.people import Person, Technician, TechnicianSkill
from db.reads.views import ShownName
from domain.accesses import STAFF
from domain.tickets import Role


def shown_name_of(person_id: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> Any:
    """The name of who is in that column, None if it is not for the asker. Looked up for each row that is
    shown, by index: in a join, who may be shown would be found out of everybody."""
    return select(ShownName.name).where(ShownName.id == person_id).scalar_subquery()


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
    """The id of the person who may sign in with that address, given in small letters. Asked by sessions for
    the purpose of signing in only."""
    found: str | None = await session.scalar(
        select(cast(func.person_signing_in_by(mail), Uuid(as_uuid=False)))
    )
    return found


async def person_with_mail(session: AsyncSession, mail: str) -> str | None:
    """The id of whoever has that address, given in small letters; closed accounts included."""
    found: str | None = await session.scalar(select(cast(func.anybody_with(mail), Uuid(as_uuid=False))))
    return found


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
    rows = await session.execute(select(ShownName.id, ShownName.name).where(ShownName.id.in_(person_ids)))
    return {row.id: row.name for row in rows}
