"""Keeping a document of record: the first one made of a number is the one there is."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.documents import StoredDocument
from domain.documents import DocumentKind


async def keep(
    session: AsyncSession,
    *,
    number: str,
    kind: DocumentKind,
    ticket: str | None,
    invoice: str | None,
    facts: dict[str, Any],
    pdf: bytes,
    xml: bytes,
    sha256: str,
    made_at: datetime,
) -> None:
    """A second one of the same number changes nothing. A statement is of no ticket and no invoice."""
    row = {
        "number": number,
        "kind": kind,
        "ticket": ticket,
        "invoice": invoice,
        "facts": facts,
        "pdf": pdf,
        "xml": xml,
        "sha256": sha256,
        "made_at": made_at,
    }
    await session.execute(insert(StoredDocument).values(row).on_conflict_do_nothing())
