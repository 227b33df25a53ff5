"""What people asked under their idempotency keys."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, recorded, ticket_number, uuid


class Request(Base):
    """An Idempotency-Key of a person: what was asked with it, and what it brought into being.

    `ticket` is a number reserved before there is such a ticket; `attachment_id` stays when the image is gone.
    """

    __tablename__ = "requests"

    actor_id: Mapped[uuid] = mapped_column(ForeignKey("people.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    command: Mapped[str] = mapped_column(String(80))
    body_hash: Mapped[str] = mapped_column(String(64))
    ticket: Mapped[ticket_number | None]
    submission_id: Mapped[uuid | None] = mapped_column(ForeignKey("submissions.id"))
    attachment_id: Mapped[uuid | None]
    recorded_at: Mapped[recorded]
