"""Appointments as calendar programs read them (iCalendar, RFC 5545)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from icalendar import Calendar, Event

from db.models.tickets import Ticket
from db.reads.people import KnownPerson
from db.reads.tickets import TicketRow
from domain.ids import format_ticket_number
from domain.tickets import Outcome, Role, Status

MEDIA_TYPE = "text/calendar"
CALLED_OFF = frozenset({Outcome.CANCELLED, Outcome.WITHDRAWN})


def calendar_file(
    rows: Iterable[TicketRow], changed: Mapping[str, datetime], person: KnownPerson, public_url: str
) -> bytes:
    """`changed` is when each ticket's last act was done. Names nobody whom that person may not know, and
    never a phone number."""
    calendar = Calendar()
    calendar.add("prodid", "-//OmeaSupport//Rendez-vous//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "OmeaSupport")
    for row in rows:
        at = changed.get(row.ticket.number, row.ticket.opened_at)
        calendar.add_component(_entry(row, at, person, public_url))
    return bytes(calendar.to_ical())


def _entry(row: TicketRow, changed: datetime, person: KnownPerson, public_url: str) -> Event:
    """The same id and a higher sequence replace what the calendar had before."""
    ticket = row.ticket
    other = row.client_name if person.role is Role.TECHNICIAN else row.technician_name
    entry = Event()
    entry.add("uid", f"{ticket.number}@omeasupport")
    entry.add("sequence", ticket.sequence)
    entry.add("dtstamp", changed)
    entry.add("dtstart", ticket.appointment_start)
    entry.add("dtend", ticket.appointment_end)
    entry.add("status", _status(ticket))
    entry.add("summary", f"OmeaSupport : {row.skill_label}{f', avec {other}' if other else ''}")
    entry.add("description", f"Demande n° {format_ticket_number(ticket.number)}")
    page = "interventions" if person.role is Role.TECHNICIAN else "demandes"
    entry.add("url", f"{public_url}/{page}/{ticket.number}")
    return entry


def _status(ticket: Ticket) -> str:
    if ticket.outcome in CALLED_OFF:
        return "CANCELLED"
    return "TENTATIVE" if ticket.status is Status.TO_ASSIGN else "CONFIRMED"
