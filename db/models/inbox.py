"""What comes in and goes out once only: webhooks, people's idempotency keys, notifications."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, instant, recorded, ticket_number, uuid


class WebhookState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    PARKED = "parked"


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
    next_attempt_at: Mapped[recorded]
    received_at: Mapped[recorded]


class Request(Base):
    """An Idempotency-Key of a person: what was asked with it, and the ticket number reserved for it."""

    __tablename__ = "requests"

    actor_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    command: Mapped[str] = mapped_column(String(80))
    body_hash: Mapped[str] = mapped_column(String(64))
    ticket: Mapped[ticket_number | None]
    submission_id: Mapped[uuid | None] = mapped_column(ForeignKey("submissions.id"))
    recorded_at: Mapped[recorded]


class Notification(Base):
    """One message to one person about one event; `key` lets none be sent twice."""

    __tablename__ = "notifications"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    recipient_id: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    """Null for the back office's shared mailbox."""
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    sent_at: Mapped[instant | None]
    recorded_at: Mapped[recorded]
