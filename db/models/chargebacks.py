"""Chargebacks: payments that a client's bank takes back."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, cents, enum_of, instant, ticket_number
from domain.chargebacks import ChargebackStatus


class Chargeback(Base):
    """`reference` is the provider's. While it is open, the gains of its ticket are held. The cents are those
    that it took from us, gave back, and cost."""

    __tablename__ = "chargebacks"
    __table_args__ = (
        CheckConstraint("withdrawn_cents >= 0 AND returned_cents >= 0 AND fee_cents >= 0", "cents"),
    )

    reference: Mapped[str] = mapped_column(String(64), primary_key=True)
    invoice: Mapped[str] = mapped_column(ForeignKey("invoices.number"), index=True)
    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"), index=True)
    status: Mapped[ChargebackStatus] = mapped_column(enum_of(ChargebackStatus, "status"))
    is_inquiry: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(64))
    amount_cents: Mapped[cents]
    withdrawn_cents: Mapped[cents] = mapped_column(server_default="0")
    returned_cents: Mapped[cents] = mapped_column(server_default="0")
    fee_cents: Mapped[cents] = mapped_column(server_default="0")
    opened_at: Mapped[instant]
    answer_by: Mapped[instant | None]
    answered_at: Mapped[instant | None]
    closed_at: Mapped[instant | None]
