"""Images that people upload: kept for a day, or for as long as what they are attached to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.attachments import Attachment, ImageType
from domain.errors import Refusal, Refused

UNATTACHED_FOR = timedelta(hours=24)
MOST_UNATTACHED = 20
# So that no upload waits for the cleaning up of a flood.
MOST_DELETED_AT_ONCE = 100


@dataclass(frozen=True)
class Image:
    content_type: ImageType
    width: int
    height: int
    sha256: str
    content: bytes


async def keep(session: AsyncSession, author_id: str, image: Image, now: datetime) -> Attachment:
    """The new attachment, which belongs to nothing yet. Raises `Refused(ATTACHMENT_TOO_MANY)`."""
    await _delete_expired(session, now)
    # The author's other uploads wait until the commit, or all of them would count the same ones.
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"attachments {author_id}", 0)))
    )
    unattached = await session.scalar(
        select(func.count()).where(
            Attachment.author_id == author_id,
            Attachment.submission_id.is_(None),
            Attachment.recorded_at > now - UNATTACHED_FOR,
        )
    )
    if (unattached or 0) >= MOST_UNATTACHED:
        raise Refused(Refusal.ATTACHMENT_TOO_MANY)
    attachment = Attachment(
        author_id=author_id,
        content_type=image.content_type,
        width=image.width,
        height=image.height,
        size_bytes=len(image.content),
        sha256=image.sha256,
        content=image.content,
        recorded_at=now,
    )
    session.add(attachment)
    await session.flush()
    return attachment


async def bind(
    session: AsyncSession, author_id: str, ids: Sequence[str], submission_id: str, now: datetime
) -> None:
    """Attach them to what was written, in the transaction that keeps it. All of them or none: raises
    `Refused(ATTACHMENT_UNKNOWN)` if one is somebody else's, attached already, named twice or too old."""
    if not ids:
        return
    # Always locked in the same order: two submissions with the same images would wait for each other.
    free = await session.scalars(
        select(Attachment.id)
        .where(
            Attachment.id.in_(ids),
            Attachment.author_id == author_id,
            Attachment.submission_id.is_(None),
            Attachment.recorded_at > now - UNATTACHED_FOR,
        )
        .order_by(Attachment.id)
        .with_for_update()
    )
    if len(free.all()) != len(ids):
        raise Refused(Refusal.ATTACHMENT_UNKNOWN)
    await session.execute(
        update(Attachment).where(Attachment.id.in_(ids)).values(submission_id=submission_id)
    )


async def _delete_expired(session: AsyncSession, now: datetime) -> None:
    expired = (
        select(Attachment.id)
        .where(Attachment.submission_id.is_(None), Attachment.recorded_at <= now - UNATTACHED_FOR)
        .limit(MOST_DELETED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    await session.execute(
        delete(Attachment)
        .where(Attachment.id.in_(expired.scalar_subquery()))
        .execution_options(synchronize_session=False)
    )
