"""Identities linked to people, used, and removed."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.identities import PersonIdentity


async def link(session: AsyncSession, person_id: str, issuer: str, subject: str, at: datetime) -> str:
    """Link it, unless somebody has it; the id of the person whose it is now. Of two at the same time the
    second one waits for the first."""
    values = {"person_id": person_id, "issuer": issuer, "subject": subject, "linked_at": at}
    await session.execute(
        insert(PersonIdentity).values(values).on_conflict_do_nothing(index_elements=["issuer", "subject"])
    )
    found = select(PersonIdentity.person_id).where(
        PersonIdentity.issuer == issuer, PersonIdentity.subject == subject
    )
    return (await session.scalars(found)).one()


async def note_use(session: AsyncSession, issuer: str, subject: str, at: datetime) -> None:
    await session.execute(
        update(PersonIdentity)
        .where(PersonIdentity.issuer == issuer, PersonIdentity.subject == subject)
        .values(used_at=at)
    )


async def remove(session: AsyncSession, identity_id: str, person_id: str) -> bool:
    """Whether that person had it."""
    removed = await session.scalar(
        delete(PersonIdentity)
        .where(PersonIdentity.id == identity_id, PersonIdentity.person_id == person_id)
        .returning(PersonIdentity.id)
    )
    return removed is not None
