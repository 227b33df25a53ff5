"""Tariffs, invoices, payments, gains and the ledger. All but the payments are append-only."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, cents, enum_of, generated_id, instant, recorded, ticket_number, uuid


class TariffVersion(Base):
    """One version of the prices; `domain.tariff.Tariff` explains the columns. Append-only, so that it is its
    own journal: `set_by` and `set_at` say who set it and when, null for what came with the first tables.

    `skill` is what it is for, null for every skill that has no version of its own in force.
    """

    __tablename__ = "tariffs"
    __table_args__ = (
        UniqueConstraint("skill", "effective_from", postgresql_nulls_not_distinct=True),
        CheckConstraint("mod(price_ttc_cents, 6) = 0", "ttc_multiple_of_6"),
        CheckConstraint("(set_by IS NULL) = (set_at IS NULL)", "set_by_somebody"),
        CheckConstraint("effective_from >= set_at", "not_retroactive"),
        CheckConstraint(
            "slice_minutes > 0 AND mod(15, slice_minutes) = 0 AND minimum_slices > 0 "
            "AND minimum_slices * slice_minutes <= 15 AND grace_minutes >= 0 "
            "AND grace_minutes < slice_minutes",
            "slices",
        ),
        CheckConstraint(
            "technician_ht_cents > 0 AND technician_ht_cents * (10000 + vat_bp) <= price_ttc_cents * 10000",
            "sold_above_cost",
        ),
    )

    version: Mapped[str] = mapped_column(String(32), primary_key=True)
    skill: Mapped[str | None] = mapped_column(ForeignKey("skills.code"))
    effective_from: Mapped[instant]
    slice_minutes: Mapped[int]
    minimum_slices: Mapped[int]
    grace_minutes: Mapped[int]
    price_ttc_cents: Mapped[cents]
    vat_bp: Mapped[int]
    technician_ht_cents: Mapped[cents]
    set_by: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[instant | None]


class InvoiceCounter(Base):
    """The last number given in a year. Its row is locked by the transaction that issues."""

    __tablename__ = "invoice_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Invoice(Base):
    __tablename__ = "invoices"
    __table_args__ = (CheckConstraint("total_ht_cents + total_vat_cents = total_ttc_cents", "vat_split"),)

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"), unique=True)
    client_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"))
    issued_at: Mapped[instant]
    minutes: Mapped[int]
    slices: Mapped[int]
    unit_ttc_cents: Mapped[cents]
    vat_bp: Mapped[int]
    total_ht_cents: Mapped[cents]
    total_vat_cents: Mapped[cents]
    total_ttc_cents: Mapped[cents]


class CreditNoteCounter(Base):
    """The last number given in a year, in the series of credit notes. Locked by the issuing transaction."""

    __tablename__ = "credit_note_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class CreditNote(Base):
    """What is no longer owed of an invoice. Append-only; all of an invoice's never exceed its total."""

    __tablename__ = "credit_notes"
    __table_args__ = (
        CheckConstraint(
            "total_ht_cents + total_vat_cents = total_ttc_cents AND total_ttc_cents > 0", "vat_split"
        ),
    )

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    invoice: Mapped[str] = mapped_column(ForeignKey("invoices.number"), index=True)
    issued_at: Mapped[instant]
    slices: Mapped[int]
    total_ht_cents: Mapped[cents]
    total_vat_cents: Mapped[cents]
    total_ttc_cents: Mapped[cents]


class PaymentStatus(StrEnum):
    CREATED = "created"
    REFUSED = "refused"
    PAID = "paid"


class Payment(Base):
    """The one PaymentIntent of an invoice. More may have been collected than was due in the end."""

    __tablename__ = "payments"

    invoice: Mapped[str] = mapped_column(ForeignKey("invoices.number"), primary_key=True)
    intent: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[PaymentStatus] = mapped_column(enum_of(PaymentStatus, "status"))
    collected_cents: Mapped[cents | None]
    fee_cents: Mapped[cents | None]
    paid_at: Mapped[instant | None]


class PaymentAttempt(Base):
    """One try of the card: `refusal` is the provider's code, null when it was accepted. `by_hand` tells one
    that somebody asked for from those of the calendar."""

    __tablename__ = "payment_attempts"

    invoice: Mapped[str] = mapped_column(ForeignKey("payments.invoice"), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    refusal: Mapped[str | None] = mapped_column(String(64))
    by_hand: Mapped[bool] = mapped_column(server_default=false())
    tried_at: Mapped[instant]


class Gain(Base):
    """What a technician earned for one session. `month` is the Paris month of `accepted_at`, YYYY-MM.

    Number 0 is the gain itself; a later ruling corrects it by a further row, often a negative one. `act` is
    the key of the act that it comes from, which changes the gain of a session once.
    """

    __tablename__ = "gains"
    __table_args__ = (
        UniqueConstraint("ticket", "session", "number"),
        UniqueConstraint("ticket", "act", "session"),
    )

    id: Mapped[generated_id]
    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"))
    session: Mapped[int]
    number: Mapped[int] = mapped_column(server_default="0")
    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"), index=True)
    slices: Mapped[int]
    amount_cents: Mapped[cents]
    month: Mapped[str] = mapped_column(String(7))
    accepted_at: Mapped[instant]
    act: Mapped[str] = mapped_column(String(80))


class LedgerTransaction(Base):
    __tablename__ = "ledger_transactions"
    __table_args__ = (Index("ix_ledger_transactions_recording", "recorded_at", "key"),)

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    at: Mapped[instant]
    recorded_at: Mapped[recorded]


class LedgerLine(Base):
    """Debit positive, credit negative; the lines of a transaction sum to zero at commit."""

    __tablename__ = "ledger_lines"
    __table_args__ = (CheckConstraint("amount_cents <> 0", "not_zero"),)

    transaction: Mapped[str] = mapped_column(ForeignKey("ledger_transactions.key"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(48), index=True)
    amount_cents: Mapped[cents]
