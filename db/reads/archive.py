"""The archive of who was erased. Only the database's owner may read it: neither the API nor the worker."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from db.models.erasures import ArchivedRecord


async def archived(session: AsyncSession, reference: str) -> list[ArchivedRecord]:
    """Whole, by kind: a document's number, an order's or a file's name, a technician's id."""
    contents = (ArchivedRecord.facts, ArchivedRecord.pdf, ArchivedRecord.xml)
    query = select(ArchivedRecord).where(ArchivedRecord.reference == reference)
    return list(
        await session.scalars(
            query.order_by(ArchivedRecord.kind).options(*(undefer(one) for one in contents))
        )
    )
