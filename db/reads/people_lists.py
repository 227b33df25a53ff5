"""Lists of people, by role and by name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payees import Payee
from db.models.people import Person, Technician
from db.reads.leaving import is_leaving, was_erased
from db.reads.search import is_called
from domain.tickets import Role


@dataclass(frozen=True)
class PersonRow:
    """The last three are a technician's. `leaves` is whether their erasure waits."""

    person: Person
    leaves: bool
    vetted_at: datetime | None
    suspended_at: datetime | None
    papers_until: date | None


async def how_many(session: AsyncSession) -> dict[Role, int]:
    """Of each role that anybody has, closed accounts included, those who were erased not."""
    count = func.count().label("people")
    query = select(Person.role, count).where(~was_erased(Person.id)).group_by(Person.role)
    return {row.role: row.people for row in await session.execute(query)}


async def people_of(
    session: AsyncSession, roles: Collection[Role], words: str, *, after: str | None, limit: int
) -> list[PersonRow]:
    """By name, those whose name or address is `words` (see `is_called`), from after the person of that id on;
    those who were erased have no name."""
    query = (
        select(
            Person,
            is_leaving(Person.id),
            Technician.vetted_at,
            Technician.suspended_at,
            Payee.vigilance_until,
        )
        .outerjoin(Technician, Technician.id == Person.id)
        .outerjoin(Payee, Payee.technician_id == Person.id)
        .where(Person.role.in_(roles), is_called(words), ~was_erased(Person.id))
    )
    if after is not None:
        name = select(Person.name).where(Person.id == after).scalar_subquery()
        query = query.where(or_(Person.name > name, and_(Person.name == name, Person.id > after)))
    rows = await session.execute(query.order_by(Person.name, Person.id).limit(limit))
    return [PersonRow(*row) for row in rows]
