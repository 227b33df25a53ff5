"""What the log of remote control told about sessions."""

from sqlalchemy import ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, instant, ticket_number


class SessionLogEntry(Base):
    """One remote control during a session, as it was logged: evidence, kept as it came. Append-only.

    No AnyDesk id: `reference` is the log's own name of that remote control and leads to nobody without it.
    """

    __tablename__ = "session_logs"
    __table_args__ = (ForeignKeyConstraint(["ticket", "session"], ["sessions.ticket", "sessions.number"]),)

    ticket: Mapped[ticket_number] = mapped_column(primary_key=True)
    session: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[instant]
    ended_at: Mapped[instant]
    seconds: Mapped[int]
    read_at: Mapped[instant]
