"""Images that people attached to what they wrote."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.attachments import Attachment


async def attached_to(session: AsyncSession, submission_ids: Collection[str]) -> dict[str, list[Attachment]]:
    """Those of each submission that has any, in the order of their upload, without their content."""
    found: dict[str, list[Attachment]] = {}
    for attachment in await session.scalars(
        select(Attachment).where(Attachment.submission_id.in_(submission_ids)).order_by(Attachment.id)
    ):
        found.setdefault(attachment.submission_id or "", []).append(attachment)
    return found


async def attachment_of(session: AsyncSession, attachment_id: str) -> Attachment | None:
    return await session.get(Attachment, attachment_id)


async def content_of(session: AsyncSession, attachment_id: str) -> bytes | None:
    """None once it was erased."""
    return await session.scalar(select(Attachment.content).where(Attachment.id == attachment_id))
