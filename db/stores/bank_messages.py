"""The bank's messages as they come, before anything is made of them: the same one is kept once."""

import hashlib
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.bank import BankMessage


async def keep(session: AsyncSession, xml: bytes, at: datetime, person_id: str | None) -> str:
    """The digest under which it is known. `person_id` is who brought it."""
    digest = hashlib.sha256(xml).hexdigest()
    await session.execute(
        insert(BankMessage)
        .values(sha256=digest, xml=xml, received_at=at, received_by=person_id)
        .on_conflict_do_nothing()
    )
    return digest
