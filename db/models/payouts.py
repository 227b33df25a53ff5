"""Payout runs, statements (one a claim), the gains they claim, and the transfers that pay them."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, cents, enum_of, generated_id, instant, uuid
from domain.payees import Rail


class PayoutRun(Base):
    """One run of a month. `key` is what asked for it: a schedule's time or a person's request. It was for
    `technician_id` alone, if there is one."""

    __tablename__ = "payout_runs"
    __table_args__ = (UniqueConstraint("month", "n"),)

    id: Mapped[generated_id]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    month: Mapped[str] = mapped_column(String(7))
    n: Mapped[int]
    cut_off: Mapped[instant]
    reason_id: Mapped[uuid | None] = mapped_column(ForeignKey("submissions.id"))
    actor_id: Mapped[str] = mapped_column(String(40))
    technician_id: Mapped[str | None] = mapped_column(String(40))
    started_at: Mapped[instant]
    finished_at: Mapped[instant | None]


class StatementCounter(Base):
    """The last statement number of a technician's own series. Locked by the claiming transaction."""

    __tablename__ = "statement_counters"

    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    last: Mapped[int]


class Statement(Base):
    """A self-billed invoice: one claim of one technician's gains. Append-only.

    `key` is the payout's key, `payout:{month}:{technician}:{n}`; `sequence` counts the technician's
    statements over all months without a gap, and makes the `number` of the document. `total_cents` is without
    VAT; `vat_bp` is None for a technician who charges none.
    """

    __tablename__ = "statements"
    __table_args__ = (
        UniqueConstraint("technician_id", "sequence"),
        UniqueConstraint("month", "technician_id", "n"),
        CheckConstraint("total_cents > 0", "positive"),
        CheckConstraint("vat_cents >= 0 AND (vat_bp IS NOT NULL OR vat_cents = 0)", "vat"),
    )

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"), index=True)
    month: Mapped[str] = mapped_column(String(7))
    n: Mapped[int]
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    total_cents: Mapped[cents]
    vat_bp: Mapped[int | None]
    vat_cents: Mapped[cents] = mapped_column(server_default="0")
    cut_off: Mapped[instant]
    issued_at: Mapped[instant]

    @property
    def due_cents(self) -> int:
        """What is transferred."""
        return self.total_cents + self.vat_cents


class GainClaim(Base):
    """A gain bound to its statement, for ever: the primary key lets no gain into two. Append-only."""

    __tablename__ = "gain_claims"

    gain_id: Mapped[uuid] = mapped_column(ForeignKey("gains.id"), primary_key=True)
    statement: Mapped[str] = mapped_column(ForeignKey("statements.key"), index=True)


class PayoutStatus(StrEnum):
    """`ordered`: with our bank, which has not said yet what became of it."""

    TO_SEND = "to_send"
    ORDERED = "ordered"
    FAILED = "failed"
    PAID = "paid"


# Nothing is to be sent for these.
HANDED_OVER = (PayoutStatus.ORDERED, PayoutStatus.PAID)


class Payout(Base):
    """The transfer that pays a statement. `failure` is the provider's or the bank's code of the last refusal.
    `rail` is the one it was handed over to last, marked before the provider is asked: what is marked `stripe`
    may have been sent, whatever its status. `transfer` is the provider's reference or that of the order, of
    what pays it: one that was taken back pays nothing."""

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint(
            "status <> 'ordered' OR coalesce(rail = 'sepa', false) AND transfer IS NOT NULL", "ordered"
        ),
    )

    key: Mapped[str] = mapped_column(ForeignKey("statements.key"), primary_key=True)
    status: Mapped[PayoutStatus] = mapped_column(enum_of(PayoutStatus, "status"), index=True)
    rail: Mapped[Rail | None] = mapped_column(enum_of(Rail, "rail"))
    transfer: Mapped[str | None] = mapped_column(String(64), unique=True)
    failure: Mapped[str | None] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(server_default="0")
    paid_at: Mapped[instant | None]

    @property
    def standing_transfer(self) -> str | None:
        """The provider's reference of the transfer that pays it; None if the provider has not paid it."""
        by_provider = self.status is PayoutStatus.PAID and self.rail is Rail.STRIPE
        return self.transfer if by_provider else None
