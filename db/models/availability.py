"""When technicians work and when they do not, and the changes of it that tickets must hear about."""

from datetime import time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, Time
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Base, enum_of, generated_id, instant, recorded, uuid


class WorkingStretch(Base):
    """One stretch of a technician's week, Paris wall time; Monday is 0. None at all: the opening hours."""

    __tablename__ = "working_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
        CheckConstraint("opens < closes", "order"),
    )

    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    opens: Mapped[time] = mapped_column(Time, primary_key=True)
    closes: Mapped[time] = mapped_column(Time)


class Leave(Base):
    """`recorded_by` is the technician or somebody of the back office."""

    __tablename__ = "leaves"
    __table_args__ = (
        ExcludeConstraint(
            ("technician_id", "="), ("during", "&&"), using="gist", name="ex_leaves_no_overlap"
        ),
        CheckConstraint("NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)", "bounds"),
    )

    id: Mapped[generated_id]
    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"))
    during: Mapped[Range[instant]] = mapped_column(TSTZRANGE)
    recorded_by: Mapped[uuid] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[recorded]


class CapacityKind(StrEnum):
    RETURNED = "returned"
    LOST = "lost"


class CapacityEvent(Base):
    """Somebody may be free who was not, or the other way round. Written by triggers, deleted once the tickets
    concerned have been told."""

    __tablename__ = "capacity_events"

    id: Mapped[generated_id]
    kind: Mapped[CapacityKind] = mapped_column(enum_of(CapacityKind, "kind"))
    technician_id: Mapped[uuid | None] = mapped_column(ForeignKey("technicians.id"))
    recorded_at: Mapped[recorded]


class CalendarFeed(Base):
    """That a technician's agenda has an address of its own, without signing in. The address is made from
    `opened_at`: with another one, those of before are good for nothing."""

    __tablename__ = "calendar_feeds"

    technician_id: Mapped[uuid] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    opened_at: Mapped[instant]
