"""Identities linked to people, used, and removed."""

from datetime import datetime

from sqlalchemy import and_, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.identities import PersonIdentity


async def lock(session: AsyncSession, person_id: str) -> None:
    """Until the end of the transaction: of two identities that would be the person's first, the second is
    looked at after the first."""
    held = f"identities {person_id}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(held, 0))))


async def link(session: AsyncSession, person_id: str, issuer: str, subject: str, at: datetime) -> str:
    """Link it, unless somebody else has or had it; the id of the person whose it is now. One that they had
    removed themselves is theirs again. Of two at the same time the second one waits for the first."""
    values = {"person_id": person_id, "issuer": issuer, "subject": subject, "linked_at": at}
    await session.execute(
        insert(PersonIdentity)
        .values(values)
        .on_conflict_do_update(
            index_elements=["issuer", "subject"],
            set_={"linked_at": at, "removed_at": None},
            where=and_(PersonIdentity.person_id == person_id, PersonIdentity.removed_at.is_not(None)),
        )
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


async def remove(session: AsyncSession, identity_id: str, person_id: str, at: datetime) -> bool:
    """Whether that person had it."""
    removed = await session.scalar(
        update(PersonIdentity)
        .where(
            PersonIdentity.id == identity_id,
            PersonIdentity.person_id == person_id,
            PersonIdentity.removed_at.is_(None),
        )
        .values(removed_at=at)
        .returning(PersonIdentity.id)
    )
    return removed is not None
