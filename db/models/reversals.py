"""Transfers taken back: each reversal that the provider knows of, and what finance asked for."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, cents, instant, recorded, uuid


class TransferReversal(Base):
    """A part of a transfer, or all of it, taken back, whoever did it. Append-only. `reference` and `transfer`
    are the provider's; `at` is when we learnt of it."""

    __tablename__ = "transfer_reversals"
    __table_args__ = (CheckConstraint("amount_cents > 0", "positive"),)

    reference: Mapped[str] = mapped_column(String(64), primary_key=True)
    payout: Mapped[str] = mapped_column(ForeignKey("payouts.key"), index=True)
    transfer: Mapped[str] = mapped_column(String(64), index=True)
    amount_cents: Mapped[cents]
    at: Mapped[instant]
    recorded_at: Mapped[recorded]


class ReversalRequest(Base):
    """Finance wants a transfer back: who, why, and the provider's code if it refused. `key` is that of the
    person's request. `attempt` is the payout's that has sent the transfer; `n` counts the provider's refusals
    to take it back, from 1."""

    __tablename__ = "reversal_requests"
    __table_args__ = (CheckConstraint("n > 0", "n"),)

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    payout: Mapped[str] = mapped_column(ForeignKey("payouts.key"), index=True)
    transfer: Mapped[str] = mapped_column(String(64))
    attempt: Mapped[int]
    n: Mapped[int]
    actor_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"))
    reason_id: Mapped[uuid] = mapped_column(ForeignKey("submissions.id"))
    asked_at: Mapped[instant]
    refusal: Mapped[str | None] = mapped_column(String(64))
    recorded_at: Mapped[recorded]
