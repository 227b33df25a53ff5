"""What a technician has begun to write, and nobody else reads."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, instant, ticket_number, uuid


class ReportDraft(Base):
    """Of the report that a ticket waits for; deleted once it waits for none."""

    __tablename__ = "report_drafts"

    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    declared_minutes: Mapped[int | None]
    saved_at: Mapped[instant]
