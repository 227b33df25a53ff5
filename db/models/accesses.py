"""Who of the team read or did what. Append-only, but for the purge of what is old."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, generated_id, instant, recorded, uuid
from domain.tickets import Role


class Access(Base):
    """One entry; `kind` is a `domain.accesses.Reading` or `Act`, those of the past included. It holds ids and
    references nothing, so that it outlives what it names: an erased person's id names nobody any more."""

    __tablename__ = "accesses"
    __table_args__ = (
        Index("ix_accesses_at_id", "at", "id"),
        Index("ix_accesses_person_id_at", "person_id", "at"),
        Index("ix_accesses_subject_at", "subject", "at"),
    )

    id: Mapped[generated_id]
    at: Mapped[instant]
    person_id: Mapped[uuid]
    role: Mapped[Role] = mapped_column(enum_of(Role, "role"))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str | None] = mapped_column(String(80))
    part: Mapped[str | None] = mapped_column(String(80))
    request: Mapped[str | None] = mapped_column(String(40))
    # By the database's clock, which no caller sets: how long an entry is kept is counted from here.
    recorded_at: Mapped[recorded]
