"""That the back office has seen to somebody whom mails did not reach."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.notifications import MailNote, Notification
from db.reads.refused_mails import is_unnoted


async def note_refused(session: AsyncSession, person_id: str, until: datetime, by: str) -> None:
    """For this person, of whom mails were refused up to then. What a colleague has noted stays theirs, and
    nothing is noted ahead: a mail that is refused later waits, whatever `until` says."""
    newest = await session.scalar(
        select(func.max(Notification.refused_at)).where(Notification.recipient_id == person_id, is_unnoted())
    )
    if newest is None:
        return
    row = {"person_id": person_id, "until": min(until, newest), "noted_by": by}
    await session.execute(insert(MailNote).values(row).on_conflict_do_nothing())
