"""Refunds: what clients ask back, how the team rules, and the money sent."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, cents, enum_of, instant, ticket_number, uuid
from domain.refunds import RefundKind, RefundStatus, TransferState
from domain.rulings import GainKind


class RefundCase(Base):
    """One claim on a paid invoice; at most one is open at a time. While it is, the gains are held. Money of
    an older one may come back meanwhile."""

    __tablename__ = "refund_cases"
    __table_args__ = (
        Index(
            "uq_refund_cases_open",
            "invoice",
            unique=True,
            postgresql_where=text("status IN ('open', 'sending')"),
        ),
        CheckConstraint("n > 0", "n"),
        CheckConstraint("(kind IS NULL) = (status = 'open')", "ruled"),
        CheckConstraint("(minutes IS NOT NULL) = (kind IS NOT NULL AND kind = 'partial')", "minutes"),
    )

    invoice: Mapped[str] = mapped_column(ForeignKey("invoices.number"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"), index=True)
    status: Mapped[RefundStatus] = mapped_column(enum_of(RefundStatus, "status"))
    submission_id: Mapped[uuid] = mapped_column(ForeignKey("submissions.id"), unique=True)
    opened_by: Mapped[uuid] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[instant]
    kind: Mapped[RefundKind | None] = mapped_column(enum_of(RefundKind, "kind"))
    minutes: Mapped[int | None]
    ruling_id: Mapped[uuid | None] = mapped_column(ForeignKey("submissions.id"))
    ruled_by: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    ruled_at: Mapped[instant | None]
    credit_note: Mapped[str | None] = mapped_column(ForeignKey("credit_notes.number"), unique=True)
    amount_cents: Mapped[cents | None]
    failure: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[instant | None]


class RefundGainRuling(Base):
    """What a session earns its technician after a refund. Append-only."""

    __tablename__ = "refund_gain_rulings"
    __table_args__ = (
        ForeignKeyConstraint(["invoice", "n"], ["refund_cases.invoice", "refund_cases.n"]),
        CheckConstraint("(minutes IS NOT NULL) = (kind = 'reduced')", "minutes"),
    )

    invoice: Mapped[str] = mapped_column(String(16), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    session: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[GainKind] = mapped_column(enum_of(GainKind, "kind"))
    minutes: Mapped[int | None]


class Refund(Base):
    """Money sent back to a card. Number 0 is the excess that a ticket sends back before it closes; the others
    are those of the case of that number. `reference` is the provider's."""

    __tablename__ = "refunds"
    __table_args__ = (CheckConstraint("amount_cents > 0", "positive"),)

    invoice: Mapped[str] = mapped_column(ForeignKey("invoices.number"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount_cents: Mapped[cents]
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[TransferState] = mapped_column(enum_of(TransferState, "state"))
    sent_at: Mapped[instant]
    failed_at: Mapped[instant | None]
