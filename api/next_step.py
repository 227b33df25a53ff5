"""Who must act on a ticket now, as its page says it."""

from datetime import datetime

from api import french
from api.shapes.common import Labelled
from api.shapes.tickets import Next
from db.models.tickets import Ticket
from db.reads.ticket_file import TicketFile
from domain.deadlines import Deadlines
from domain.expectations import Stamps, expectation
from domain.opening_hours import OpeningHours
from domain.rulings import RulingKind
from domain.tickets import Status


def next_step(
    ticket: Ticket, file: TicketFile, now: datetime, deadlines: Deadlines, hours: OpeningHours
) -> Next | None:
    return next_of(ticket.status, _stamps(ticket, file, now), deadlines, hours)


def next_of(status: Status, stamps: Stamps, deadlines: Deadlines, hours: OpeningHours) -> Next | None:
    expected = expectation(status, stamps, deadlines, hours)
    if expected is None:
        return None
    command = expected.command
    return Next(
        who=Labelled(code=expected.who, label=french.ROLES[expected.who]),
        command=Labelled(code=command, label=french.COMMANDS[command]) if command else None,
        by=expected.by,
        otherwise=Labelled(code=expected.otherwise, label=french.OTHERWISE[expected.otherwise]),
    )


def is_free(file: TicketFile) -> bool:
    """Whether the session under way or to come is a free one, after a ruling."""
    return any(ruling.kind is RulingKind.REWORK for ruling in file.rulings)


def _stamps(ticket: Ticket, file: TicketFile, now: datetime) -> Stamps:
    last = file.sessions[-1] if file.sessions else None
    tries = file.invoice.attempts if file.invoice else []
    refused = bool(tries) and tries[-1].refusal is not None
    return Stamps(
        since=file.since,
        start=ticket.appointment_start,
        is_late=now >= ticket.appointment_start,
        is_free=is_free(file),
        acknowledged=ticket.acknowledged_at is not None,
        called=ticket.called_at is not None,
        consented=file.consent is not None,
        session_at=(last.ended_at or last.started_at) if last else None,
        taken_over_at=ticket.taken_over_at,
        refused_at=min(one.tried_at for one in tries if one.refusal) if refused else None,
        refusals=sum(not one.by_hand for one in tries) if refused else 0,
    )
