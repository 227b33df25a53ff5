"""Transfers through our bank: each one ordered, the files they are handed in with, what the bank answers."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, cents, enum_of, instant, recorded, uuid
from domain.bank_orders import OrderState


class StoredTransferFile(Base):
    """A file of transfers. `message_id` is the bank's name for it too. What it is made of is written first,
    `xml` and `sha256` a moment later and never again; `run` is the run that had it made. `xml` is read only
    by who asks for it; once somebody in it is erased, it is in the archive alone."""

    __tablename__ = "transfer_files"
    __table_args__ = (
        UniqueConstraint("month", "n"),
        CheckConstraint("n > 0 AND total_cents > 0", "positive"),
        CheckConstraint("xml IS NULL OR sha256 IS NOT NULL", "written"),
        CheckConstraint("sha256 = encode(sha256(xml), 'hex')", "sha256"),
    )

    message_id: Mapped[str] = mapped_column(String(35), primary_key=True)
    month: Mapped[str] = mapped_column(String(7))
    n: Mapped[int]
    run: Mapped[str] = mapped_column(ForeignKey("payout_runs.key"), index=True)
    created_at: Mapped[instant]
    execution_date: Mapped[date] = mapped_column(Date)
    debtor_name: Mapped[str] = mapped_column(String(120))
    debtor_iban: Mapped[str] = mapped_column(String(34))
    total_cents: Mapped[cents]
    xml: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    recorded_at: Mapped[recorded]


class BankOrder(Base):
    """One sending of a payout through the bank, under the attempt's number; `reference` is its end-to-end id.
    To whom and how much is what it was when it was ordered. A payout has one that is open at most.

    `by_file`: the bank has told its state of the whole file only. `settled_on` is the bank's day.
    """

    __tablename__ = "bank_orders"
    __table_args__ = (
        UniqueConstraint("payout", "attempt"),
        CheckConstraint("amount_cents > 0", "positive"),
        CheckConstraint("file IS NOT NULL OR state = 'waiting'", "in_a_file"),
        CheckConstraint("(closed_at IS NULL) = (state IN ('waiting', 'ordered'))", "closed"),
        Index(
            "uq_bank_orders_open",
            "payout",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'ordered')"),
        ),
    )

    reference: Mapped[str] = mapped_column(String(35), primary_key=True)
    payout: Mapped[str] = mapped_column(ForeignKey("payouts.key"))
    attempt: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    iban: Mapped[str] = mapped_column(String(34))
    amount_cents: Mapped[cents]
    file: Mapped[str | None] = mapped_column(ForeignKey("transfer_files.message_id"), index=True)
    state: Mapped[OrderState] = mapped_column(enum_of(OrderState, "state"), index=True)
    by_file: Mapped[bool] = mapped_column(server_default="false")
    code: Mapped[str | None] = mapped_column(String(64))
    settled_on: Mapped[date | None] = mapped_column(Date)
    ordered_at: Mapped[instant]
    closed_at: Mapped[instant | None]
    recorded_at: Mapped[recorded]


class BankDebit(Base):
    """One amount that the bank says it debited for a whole file. Told again, it is the same row; of a file
    that was debited of several amounts there are several."""

    __tablename__ = "bank_debits"
    __table_args__ = (CheckConstraint("amount_cents > 0", "positive"),)

    file: Mapped[str] = mapped_column(ForeignKey("transfer_files.message_id"), primary_key=True)
    amount_cents: Mapped[cents] = mapped_column(primary_key=True)
    recorded_at: Mapped[recorded]


class BankMessage(Base):
    """A message of the bank's, kept under the digest of its bytes as it came, and what it changed once it was
    applied. Who brought it is null for the command line. `xml` is read only by who asks for it; once somebody
    it tells of is erased, it is in the archive alone."""

    __tablename__ = "bank_messages"
    __table_args__ = (
        CheckConstraint("sha256 = encode(sha256(xml), 'hex')", "sha256"),
        CheckConstraint("(applied_at IS NULL) = (outcome IS NULL)", "applied"),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    xml: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    received_at: Mapped[instant]
    received_by: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    applied_at: Mapped[instant | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
