"""The views through which the API sees a little of rows that are not the asker's."""

from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.columns import enum_of, instant, uuid
from db.models.tickets import BookingState


class _View(DeclarativeBase):
    """Not of the tables that migrations make of the models."""

    metadata = MetaData()


class ShownName(_View):
    """The names that the asker may be shown: of those whom they have a ticket with, of all for the team."""

    __tablename__ = "shown_names"

    id: Mapped[uuid] = mapped_column(primary_key=True)
    name: Mapped[str]


class TakenTime(_View):
    """A `Booking` without its ticket: nothing of it but for who cuts and holds slots."""

    __tablename__ = "taken_times"

    id: Mapped[uuid] = mapped_column(primary_key=True)
    technician_id: Mapped[uuid]
    during: Mapped[Range[instant]] = mapped_column(TSTZRANGE)
    state: Mapped[BookingState] = mapped_column(enum_of(BookingState, "state"))
    held_by: Mapped[uuid | None]
    hold_expires_at: Mapped[instant | None]
