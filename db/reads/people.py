"""Who people are."""

from dataclasses import dataclass

from sqlalchemy import MetaData, Uuid, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.columns import uuid
from db.models.people import Person, Technician, TechnicianSkill
from domain.tickets import Role


class _View(DeclarativeBase):
    """Not of the tables that migrations make of the models."""

    metadata = MetaData()


class ShownName(_View):
    """The names that the asker may be shown: of those whom they have a ticket with, of all for the team."""

    __tablename__ = "shown_names"

    id: Mapped[uuid] = mapped_column(primary_key=True)
    name: Mapped[str]


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
