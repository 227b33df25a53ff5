"""Dissatisfied clients, and how the back office rules on a suspension."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, instant, ticket_number, uuid
from domain.rulings import GainKind, RulingKind


class Dispute(Base):
    __tablename__ = "disputes"

    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[uuid] = mapped_column(ForeignKey("submissions.id"), index=True)
    raised_at: Mapped[instant]


class Ruling(Base):
    """How the back office ended a suspension. Append-only."""

    __tablename__ = "rulings"
    __table_args__ = (CheckConstraint("(minutes IS NOT NULL) = (kind = 'reduce')", "minutes"),)

    ticket: Mapped[ticket_number] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RulingKind] = mapped_column(enum_of(RulingKind, "kind"))
    minutes: Mapped[int | None]
    submission_id: Mapped[uuid] = mapped_column(ForeignKey("submissions.id"))
    ruled_by: Mapped[uuid] = mapped_column(ForeignKey("people.id"))
    ruled_at: Mapped[instant]


class GainRuling(Base):
    """What one session earns its technician, ruled once. Append-only."""

    __tablename__ = "gain_rulings"
    __table_args__ = (
        ForeignKeyConstraint(["ticket", "session"], ["sessions.ticket", "sessions.number"]),
        ForeignKeyConstraint(["ticket", "ruling"], ["rulings.ticket", "rulings.number"]),
        CheckConstraint("(minutes IS NOT NULL) = (kind = 'reduced')", "minutes"),
    )

    ticket: Mapped[ticket_number] = mapped_column(primary_key=True)
    session: Mapped[int] = mapped_column(primary_key=True)
    ruling: Mapped[int]
    kind: Mapped[GainKind] = mapped_column(enum_of(GainKind, "kind"))
    minutes: Mapped[int | None]
