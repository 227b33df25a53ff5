"""Appointments as calendar files, for whoever asks."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from db.models.tickets import Ticket
from db.reads.people import KnownPerson
from db.reads.tickets import TicketRow
from domain.calendar_entries import CalendarEntry, EntryStatus, written
from domain.tickets import Outcome, Role, Status

MEDIA_TYPE = "text/calendar"
CALLED_OFF = frozenset({Outcome.CANCELLED, Outcome.WITHDRAWN})


def calendar_file(
    rows: Iterable[TicketRow], changed: Mapping[str, datetime], person: KnownPerson, public_url: str
) -> bytes:
    """`changed` is when each ticket's last act was done. Names nobody whom that person may not know, and
    never a phone number."""
    return written(
        _entry(row, changed.get(row.ticket.number, row.ticket.opened_at), person, public_url) for row in rows
    )


def _entry(row: TicketRow, changed: datetime, person: KnownPerson, public_url: str) -> CalendarEntry:
    ticket = row.ticket
    of_technician = person.role is Role.TECHNICIAN
    return CalendarEntry(
        ticket=ticket.number,
        sequence=ticket.sequence,
        changed=changed,
        start=ticket.appointment_start,
        end=ticket.appointment_end,
        status=_status(ticket),
        skill=row.skill_label,
        other=row.client_name if of_technician else row.technician_name,
        url=f"{public_url}/{'interventions' if of_technician else 'demandes'}/{ticket.number}",
    )


def _status(ticket: Ticket) -> EntryStatus:
    if ticket.outcome in CALLED_OFF:
        return EntryStatus.CANCELLED
    return EntryStatus.TENTATIVE if ticket.status is Status.TO_ASSIGN else EntryStatus.CONFIRMED
