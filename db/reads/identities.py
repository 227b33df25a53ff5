"""Who people are at others who vouch for them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.identities import PersonIdentity


async def identity_of(session: AsyncSession, issuer: str, subject: str) -> PersonIdentity | None:
    return await session.scalar(
        select(PersonIdentity).where(PersonIdentity.issuer == issuer, PersonIdentity.subject == subject)
    )


async def identities_of(session: AsyncSession, person_id: str) -> list[PersonIdentity]:
    """The first linked first."""
    query = select(PersonIdentity).where(PersonIdentity.person_id == person_id)
    return list(await session.scalars(query.order_by(PersonIdentity.linked_at, PersonIdentity.id)))
