"""Drafts of reports: one a ticket and technician. The database deletes them once no report is awaited."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.drafts import ReportDraft


async def draft_of(session: AsyncSession, ticket: str, technician_id: str) -> ReportDraft | None:
    return await session.get(ReportDraft, (ticket, technician_id))


async def save_draft(
    session: AsyncSession, ticket: str, technician_id: str, text: str, minutes: int | None, at: datetime
) -> None:
    """In place of the one before."""
    said = {"text": text, "declared_minutes": minutes, "saved_at": at}
    await session.execute(
        insert(ReportDraft)
        .values(ticket=ticket, technician_id=technician_id, **said)
        .on_conflict_do_update(index_elements=["ticket", "technician_id"], set_=said)
    )
