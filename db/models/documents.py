"""Documents of record: what was made of an invoice, a credit note or a statement, and handed over."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, instant, recorded, ticket_number
from domain.documents import DocumentKind


class StoredDocument(Base):
    """One document as it was made, for ever. Append-only, but that it may leave for the archive.

    `facts` is everything on it, so that nothing has to be looked up to read it in ten years; `sha256` is that
    of `pdf`, and the database checks it. `pdf` and `xml` are read only by who asks for them. A self-billed
    invoice belongs to no ticket.
    """

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("sha256 = encode(sha256(pdf), 'hex')", "sha256"),
        CheckConstraint(
            "(kind = 'self_billed') = (ticket IS NULL) AND (ticket IS NULL) = (invoice IS NULL)", "subject"
        ),
    )

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(enum_of(DocumentKind, "kind"))
    ticket: Mapped[ticket_number | None] = mapped_column(ForeignKey("tickets.number"), index=True)
    invoice: Mapped[str | None] = mapped_column(ForeignKey("invoices.number"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    xml: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[instant]
    recorded_at: Mapped[recorded]
