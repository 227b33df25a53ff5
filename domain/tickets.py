"""The life of a ticket: its statuses, who may do what in which of them, and which changes exist at all."""

from enum import StrEnum

from domain.errors import Refusal, Refused


class Status(StrEnum):
    REQUESTED = "requested"
    TO_ASSIGN = "to_assign"
    SCHEDULED = "scheduled"
    IN_SESSION = "in_session"
    TO_REPORT = "to_report"
    IN_REVIEW = "in_review"
    SUSPENDED = "suspended"
    INVOICED = "invoiced"
    UNPAID = "unpaid"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a closed ticket ended."""

    PAID = "paid"
    CANCELLED = "cancelled"


class Role(StrEnum):
    CLIENT = "client"
    TECHNICIAN = "technician"
    BACK_OFFICE = "back_office"
    FINANCE = "finance"
    SYSTEM = "system"


class Command(StrEnum):
    """What people ask of a ticket. Each is one update of its workflow."""

    ACKNOWLEDGE = "acknowledge"
    CONSENT = "consent"
    CALL = "call"
    START = "start"
    END = "end"
    REPORT = "report"
    REVIEW = "review"
    DISPUTE = "dispute"


COMMAND_ROLES: dict[Command, frozenset[Role]] = {
    Command.ACKNOWLEDGE: frozenset({Role.TECHNICIAN}),
    Command.CONSENT: frozenset({Role.CLIENT}),
    Command.CALL: frozenset({Role.TECHNICIAN}),
    Command.START: frozenset({Role.TECHNICIAN}),
    Command.END: frozenset({Role.TECHNICIAN}),
    Command.REPORT: frozenset({Role.TECHNICIAN}),
    Command.REVIEW: frozenset({Role.CLIENT}),
    Command.DISPUTE: frozenset({Role.CLIENT}),
}

LEGAL: dict[Command, frozenset[Status]] = {
    Command.ACKNOWLEDGE: frozenset({Status.SCHEDULED}),
    Command.CONSENT: frozenset({Status.SCHEDULED}),
    Command.CALL: frozenset({Status.SCHEDULED}),
    Command.START: frozenset({Status.SCHEDULED}),
    Command.END: frozenset({Status.IN_SESSION}),
    Command.REPORT: frozenset({Status.TO_REPORT}),
    Command.REVIEW: frozenset({Status.IN_REVIEW}),
    Command.DISPUTE: frozenset({Status.IN_SESSION, Status.TO_REPORT, Status.IN_REVIEW}),
}

CHANGES: dict[Status, frozenset[Status]] = {
    Status.REQUESTED: frozenset({Status.SCHEDULED, Status.TO_ASSIGN}),
    Status.TO_ASSIGN: frozenset({Status.SCHEDULED, Status.CLOSED}),
    Status.SCHEDULED: frozenset({Status.IN_SESSION}),
    Status.IN_SESSION: frozenset({Status.TO_REPORT, Status.SUSPENDED}),
    Status.TO_REPORT: frozenset({Status.IN_REVIEW, Status.SUSPENDED}),
    Status.IN_REVIEW: frozenset({Status.INVOICED, Status.SUSPENDED}),
    Status.SUSPENDED: frozenset(),
    Status.INVOICED: frozenset({Status.CLOSED, Status.UNPAID}),
    Status.UNPAID: frozenset({Status.CLOSED}),
    Status.CLOSED: frozenset(),
}


WRONG_CODES_BEFORE_ALERT = 3


def check_legal(command: Command, status: Status) -> None:
    """Raises `Refused` when the command is not possible in this status."""
    if status is Status.CLOSED:
        raise Refused(Refusal.TICKET_CLOSED, command=command.value)
    if status not in LEGAL[command]:
        raise Refused(Refusal.NOT_ALLOWED_IN_STATUS, command=command.value, status=status.value)
