"""The messages that go out, each once."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, instant, recorded, ticket_number, uuid


class Notification(Base):
    """One message to one person about one event; `key` lets none be sent twice."""

    __tablename__ = "notifications"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    ticket: Mapped[ticket_number | None] = mapped_column(ForeignKey("tickets.number"), index=True)
    """Null for what is not about one ticket."""
    kind: Mapped[str] = mapped_column(String(32))
    recipient_id: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    """Null for the back office's shared mailbox."""
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    sent_at: Mapped[instant | None]
    recorded_at: Mapped[recorded]
