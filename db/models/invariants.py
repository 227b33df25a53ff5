"""What the scheduled checks have found, and what was told of it. Append-only."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, generated_id, instant, recorded, uuid
from domain.invariants import Change


class InvariantCheck(Base):
    """One invariant, looked at once. `rows` are the offending ones, the first twenty of `total`: ids and
    cents only. `name` is a `domain.invariants.Invariant`, those of the past included."""

    __tablename__ = "invariant_checks"
    __table_args__ = (
        CheckConstraint("ok = (total = 0)", "ok"),
        UniqueConstraint("at", "name"),
        Index("ix_invariant_checks_outcomes", "name", "ok", "at"),
    )

    id: Mapped[generated_id]
    at: Mapped[instant]
    name: Mapped[str] = mapped_column(String(40))
    ok: Mapped[bool]
    total: Mapped[int]
    rows: Mapped[list[dict[str, str | int]]] = mapped_column(JSONB)
    recorded_at: Mapped[recorded]


class InvariantAlert(Base):
    """What the team is told of one check: those of one moment are one mail."""

    __tablename__ = "invariant_alerts"
    __table_args__ = (Index("ix_invariant_alerts_at", "at"),)

    check_id: Mapped[uuid] = mapped_column(ForeignKey("invariant_checks.id"), primary_key=True)
    at: Mapped[instant]
    kind: Mapped[Change] = mapped_column(enum_of(Change, "kind"))
