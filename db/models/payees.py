"""Technicians as those who are paid: what a statement says of them, what they signed, where money goes."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, instant, uuid
from domain.payees import Rail


class Payee(Base):
    """One technician. `series` numbers their statements' own series. With a `vat_number` they charge VAT; who
    has none is in franchise. What stands in `wanted_…` is a change of bank that waits for the team's word,
    and holds all payments meanwhile. The account at the provider is `technicians.account_reference`; here is
    what the provider says of it, and when we first set about opening it (`account_asked_at`). `is_company`
    and the four after it are for the yearly declaration alone: a person's names, birth date and tax number
    (the 13 digits of the « numéro fiscal »)."""

    __tablename__ = "payees"
    __table_args__ = (
        CheckConstraint("(mandate IS NULL) = (mandate_signed_at IS NULL)", "mandate_dated"),
        CheckConstraint("(wanted_rail IS NULL) = (wanted_at IS NULL)", "wanted_dated"),
        CheckConstraint("wanted_iban IS NULL OR wanted_rail = 'sepa'", "wanted_iban"),
        CheckConstraint("siren ~ '^[0-9]{9}$'", "siren"),
        CheckConstraint("tax_number ~ '^[0-9]{13}$'", "tax_number"),
    )

    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    series: Mapped[int] = mapped_column(Identity(always=True), unique=True)
    legal_name: Mapped[str | None] = mapped_column(String(120))
    siren: Mapped[str | None] = mapped_column(String(9), unique=True)
    vat_number: Mapped[str | None] = mapped_column(String(16))
    street: Mapped[str | None] = mapped_column(String(120))
    postal_code: Mapped[str | None] = mapped_column(String(10))
    city: Mapped[str | None] = mapped_column(String(80))
    is_company: Mapped[bool | None]
    first_name: Mapped[str | None] = mapped_column(String(80))
    last_name: Mapped[str | None] = mapped_column(String(80))
    birth_date: Mapped[date | None] = mapped_column(Date)
    tax_number: Mapped[str | None] = mapped_column(String(13))
    mandate: Mapped[str | None] = mapped_column(String(32))
    mandate_signed_at: Mapped[instant | None]
    vigilance_until: Mapped[date | None] = mapped_column(Date)
    rail: Mapped[Rail] = mapped_column(enum_of(Rail, "rail"), server_default=Rail.STRIPE.value)
    iban: Mapped[str | None] = mapped_column(String(34))
    wanted_rail: Mapped[Rail | None] = mapped_column(enum_of(Rail, "wanted_rail"))
    wanted_iban: Mapped[str | None] = mapped_column(String(34))
    wanted_at: Mapped[instant | None]
    account_ready: Mapped[bool] = mapped_column(server_default="false")
    account_missing: Mapped[str | None] = mapped_column(String(2000))
    account_asked_at: Mapped[instant | None]
