"""What we read at the payment provider: a mirror of our balance there, and how far each reading has come."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, cents, enum_of, instant, recorded


class ProviderEntry(Base):
    """One movement of our balance at the provider, as it said it. Append-only.

    `invoice` or `payout` is whose it is, null for what concerns neither. They refer to nothing: money of an
    invoice that we do not have is what must be seen.
    """

    __tablename__ = "provider_entries"
    __table_args__ = (CheckConstraint("amount_cents - fee_cents = net_cents", "net"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    amount_cents: Mapped[cents]
    fee_cents: Mapped[cents]
    net_cents: Mapped[cents]
    source: Mapped[str | None] = mapped_column(String(64))
    invoice: Mapped[str | None] = mapped_column(String(64))
    payout: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[instant]
    recorded_at: Mapped[recorded]


class Reading(StrEnum):
    EVENTS = "events"
    ENTRIES = "entries"


class ProviderReading(Base):
    """How far we have read at the provider: `newest_at` by its clock, null before the first event or entry;
    `read_at` by ours. `balance_cents` is our balance there when all its entries had been read, null when it
    would not stand still."""

    __tablename__ = "provider_readings"

    reading: Mapped[Reading] = mapped_column(enum_of(Reading, "reading"), primary_key=True)
    newest_at: Mapped[instant | None]
    balance_cents: Mapped[cents | None]
    read_at: Mapped[recorded]
