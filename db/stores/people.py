"""Enrolling people. Their mail address names them: enrolled twice, they are the same person."""

from sqlalchemy import Uuid, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payees import Payee
from db.models.people import Person, Technician, TechnicianSkill
from domain.tickets import Role


async def enrol(session: AsyncSession, role: Role, name: str, mail: str) -> str:
    """The person's id. Someone already enrolled under that address is left as they are."""
    await session.execute(
        insert(Person).values(role=role, name=name, mail=mail).on_conflict_do_nothing(index_elements=["mail"])
    )
    return (await session.scalars(select(Person.id).where(Person.mail == mail))).one()


async def add_person(session: AsyncSession, role: Role, name: str, mail: str) -> str | None:
    """The new person's id; None when the address is somebody's already, closed accounts included."""
    if await session.scalar(select(func.anybody_with(mail.lower()))) is not None:
        return None
    return await session.scalar(
        insert(Person)
        .values(role=role, name=name, mail=mail)
        .on_conflict_do_nothing(index_elements=["mail"])
        .returning(Person.id)
    )


async def rename_client(session: AsyncSession, client_id: str, name: str) -> None:
    """The API may change nothing else of a client; see migration 0027."""
    await session.execute(select(func.rename_client(cast(client_id, Uuid), name)))


async def enrol_technician(session: AsyncSession, name: str, mail: str, skills: tuple[str, ...]) -> str:
    """The technician's id, vetted by nobody. Skills are added, never taken away."""
    technician_id = await enrol(session, Role.TECHNICIAN, name, mail)
    await session.execute(
        insert(Technician).values(id=technician_id, vetted_at=func.now()).on_conflict_do_nothing()
    )
    await session.execute(insert(Payee).values(technician_id=technician_id).on_conflict_do_nothing())
    for skill in skills:
        await session.execute(
            insert(TechnicianSkill).values(technician_id=technician_id, skill=skill).on_conflict_do_nothing()
        )
    return technician_id
