"""Accounts that are to be erased, and the archive of what the law has us keep of them."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, generated_id, instant, recorded, uuid
from domain.erasures import AskedBy


class Erasure(Base):
    """One request to erase an account; `key` is that of the request. A person has one that is not withdrawn
    at most.

    `mail` and `customer_reference` are what is left to be done once the person is erased: where the
    certificate goes, and whom the payment provider is to forget. Each is gone when it is done, and the API
    may not read them. `kept_records` and `kept_until` are what the certificate says of the archive.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("num_nulls(withdrawn_at, withdrawn_by) IN (0, 2)", "withdrawn"),
        CheckConstraint("withdrawn_at IS NULL OR erased_at IS NULL", "one_end"),
        CheckConstraint("erased_at >= due_at", "not_early"),
        CheckConstraint("erased_at IS NOT NULL OR num_nonnulls(mail, customer_reference) = 0", "left_to_do"),
        Index(
            "uq_erasures_standing", "person_id", unique=True, postgresql_where=text("withdrawn_at IS NULL")
        ),
    )

    id: Mapped[generated_id]
    person_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), index=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    asked_by: Mapped[AskedBy] = mapped_column(enum_of(AskedBy, "asked_by"))
    actor_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[instant]
    due_at: Mapped[instant]
    withdrawn_at: Mapped[instant | None]
    withdrawn_by: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    erased_at: Mapped[instant | None]
    kept_records: Mapped[int | None]
    kept_until: Mapped[date | None] = mapped_column(Date)
    mail: Mapped[str | None] = mapped_column(String(254), deferred=True, deferred_raiseload=True)
    customer_reference: Mapped[str | None] = mapped_column(String(64), deferred=True, deferred_raiseload=True)
    recorded_at: Mapped[recorded]


class ArchivedRecord(Base):
    """What accounting keeps of somebody erased: a document, a payee, an order at our bank, a file or a
    message of it. `facts` is the row as it was. After the end of `destroy_after` the contents are destroyed;
    the line stays, so that nothing is made again.

    The API's role cannot read any of it, the worker's only what there is: who may is the owner.
    """

    __tablename__ = "archived_records"
    __table_args__ = (
        CheckConstraint(
            "destroyed_at IS NULL OR (num_nonnulls(pdf, xml) = 0 AND facts = '{}'::jsonb)", "destroyed"
        ),
        Index("ix_archived_records_due", "destroy_after", postgresql_where=text("destroyed_at IS NULL")),
    )

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(80), primary_key=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, deferred=True, deferred_raiseload=True)
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    xml: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    destroy_after: Mapped[date] = mapped_column(Date)
    destroyed_at: Mapped[instant | None]
    archived_at: Mapped[recorded]
