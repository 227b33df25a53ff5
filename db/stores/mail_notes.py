"""That the back office has seen to somebody whom mails did not reach."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.notifications import MailNote


async def note_refused(session: AsyncSession, person_id: str, until: datetime, by: str) -> None:
    """For this person, of whom mails were refused up to then. What a colleague has noted stays theirs."""
    row = {"person_id": person_id, "until": until, "noted_by": by}
    await session.execute(insert(MailNote).values(row).on_conflict_do_nothing())
