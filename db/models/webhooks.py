"""The events of the payment provider, each kept once before it is answered."""

from enum import StrEnum

from sqlalchemy import Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, recorded


class WebhookState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    PARKED = "parked"


class FoundBy(StrEnum):
    """How an event came to us: the provider's own notice, or our asking for what it had lost."""

    NOTICE = "notice"
    READING = "reading"


class WebhookEvent(Base):
    """An event of the payment provider, kept before it is answered, dispatched afterwards."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        Index("ix_webhook_events_due", "next_attempt_at", postgresql_where=text("state = 'pending'")),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    type: Mapped[str] = mapped_column(String(64))
    subject: Mapped[dict[str, str]] = mapped_column(JSONB)
    """The ids it is about: the object's own and our metadata on it. Never the object itself."""
    state: Mapped[WebhookState] = mapped_column(enum_of(WebhookState, "state"))
    attempts: Mapped[int] = mapped_column(server_default="0")
    found_by: Mapped[FoundBy] = mapped_column(enum_of(FoundBy, "found_by"), server_default="notice")
    next_attempt_at: Mapped[recorded]
    received_at: Mapped[recorded]
