"""What people asked under their idempotency keys."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, recorded, ticket_number, uuid


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
