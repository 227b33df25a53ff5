"""Appointments as calendar programs read them (iCalendar, RFC 5545 and 5546)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress

from domain import contact, titles
from domain.french import one_line

NAME = "OmeaSupport"


class Method(StrEnum):
    """Published, the entry is entered or replaced; cancelled, it is taken away."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


class EntryStatus(StrEnum):
    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class CalendarEntry:
    """One ticket's appointment. `sequence` is the ticket's, `changed` the instant of the last change, `other`
    whom it is with, as far as the reader may know; `start` and `end` are None where the reader may not."""

    ticket: str
    sequence: int
    changed: datetime
    start: datetime | None
    end: datetime | None
    status: EntryStatus
    skill: str
    other: str | None
    url: str | None


def written(entries: Iterable[CalendarEntry], method: Method = Method.PUBLISH) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//OmeaSupport//Rendez-vous//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add("x-wr-calname", NAME)
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def sequence_of(entry: CalendarEntry) -> int:
    """The same id and a higher sequence replace what a calendar had before. An appointment that is called off
    keeps the ticket's sequence, and the next one has the one after: there must be room between the two."""
    return 2 * entry.sequence + (entry.status is EntryStatus.CANCELLED)


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", f"{entry.ticket}@omeasupport")
    event.add("sequence", sequence_of(entry))
    event.add("dtstamp", entry.changed)
    if entry.start is not None:
        event.add("dtstart", entry.start)
    if entry.end is not None:
        event.add("dtend", entry.end)
    event.add("status", entry.status.value)
    # Demanded of whatever is published or cancelled (RFC 5546, 3.2.1 and 3.2.5).
    organizer = vCalAddress(f"mailto:{contact.MAIL}")
    organizer.params["CN"] = NAME
    event.add("organizer", organizer)
    other = one_line(entry.other) if entry.other else None
    event.add("summary", f"{NAME} : {titles.appointment(one_line(entry.skill), other)}")
    event.add("description", titles.request(entry.ticket))
    if entry.url is not None:
        event.add("url", entry.url)
    return event
