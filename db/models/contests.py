"""Contests of statements by their technicians, and finance's answers."""

from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, instant, uuid
from domain.contests import ContestOutcome


class StatementContest(Base):
    """One for a statement, answered once: the primary key and a trigger see to it. It is its own journal.

    `tickets` are those that it is about, none for all of the statement; `gain_id` is the gain that corrects
    the statement, on a later one.
    """

    __tablename__ = "statement_contests"
    __table_args__ = (
        CheckConstraint("num_nulls(answer_id, answered_by, answered_at, outcome) IN (0, 4)", "answered"),
        CheckConstraint("(gain_id IS NOT NULL) = coalesce(outcome = 'corrected', false)", "corrected"),
    )

    statement: Mapped[str] = mapped_column(ForeignKey("statements.number"), primary_key=True)
    tickets: Mapped[list[str]] = mapped_column(ARRAY(String(8)), server_default=text("'{}'"))
    submission_id: Mapped[uuid] = mapped_column(ForeignKey("submissions.id"), unique=True)
    asked_at: Mapped[instant]
    answer_id: Mapped[uuid | None] = mapped_column(ForeignKey("submissions.id"), unique=True)
    answered_by: Mapped[uuid | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[instant | None]
    outcome: Mapped[ContestOutcome | None] = mapped_column(enum_of(ContestOutcome, "outcome"))
    gain_id: Mapped[uuid | None] = mapped_column(ForeignKey("gains.id"), unique=True)
