"""The life of a ticket: its statuses, who may do what in which of them, and which changes exist at all.

`LEGAL` is the whole table of what is possible; `COMMAND_ROLES` says who may ask. What a command needs besides
(a code, a consent, an hour) is checked by the phase that it belongs to.
"""

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
    WAIVED = "waived"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    CLIENT_ABSENT = "client_absent"
    WRITTEN_OFF = "written_off"


class Role(StrEnum):
    CLIENT = "client"
    TECHNICIAN = "technician"
    BACK_OFFICE = "back_office"
    FINANCE = "finance"
    SYSTEM = "system"


class Command(StrEnum):
    """What people ask of a ticket. Each is one update of its workflow."""

    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    CONSENT = "consent"
    EXTEND = "extend"
    STOP = "stop"
    REVIEW = "review"
    DISPUTE = "dispute"
    PAY = "pay"
    ACKNOWLEDGE = "acknowledge"
    DECLINE = "decline"
    CALL = "call"
    START = "start"
    END = "end"
    ABSENT = "absent"
    REPORT = "report"
    INCIDENT = "incident"
    REASSIGN = "reassign"
    TAKE_OVER = "take_over"
    RULING = "ruling"
    WRITE_OFF = "write_off"


# The back office may give each of a client's commands too, for the client on the phone.
CLIENT_COMMANDS = frozenset(
    {
        Command.RESCHEDULE,
        Command.CANCEL,
        Command.WITHDRAW,
        Command.CONSENT,
        Command.EXTEND,
        Command.STOP,
        Command.REVIEW,
        Command.DISPUTE,
        Command.PAY,
    }
)
TECHNICIAN_COMMANDS = frozenset(
    {
        Command.ACKNOWLEDGE,
        Command.DECLINE,
        Command.CALL,
        Command.START,
        Command.END,
        Command.ABSENT,
        Command.REPORT,
        Command.INCIDENT,
    }
)
BACK_OFFICE_COMMANDS = frozenset({Command.REASSIGN, Command.TAKE_OVER, Command.RULING})
# Giving up a debt is a matter of the accounts as much as of the client.
FINANCE_COMMANDS = frozenset({Command.WRITE_OFF})

COMMAND_ROLES: dict[Command, frozenset[Role]] = {
    **dict.fromkeys(CLIENT_COMMANDS, frozenset({Role.CLIENT, Role.BACK_OFFICE})),
    **dict.fromkeys(TECHNICIAN_COMMANDS, frozenset({Role.TECHNICIAN})),
    **dict.fromkeys(BACK_OFFICE_COMMANDS, frozenset({Role.BACK_OFFICE})),
    **dict.fromkeys(FINANCE_COMMANDS, frozenset({Role.BACK_OFFICE, Role.FINANCE})),
}

LEGAL: dict[Command, frozenset[Status]] = {
    Command.RESCHEDULE: frozenset({Status.TO_ASSIGN, Status.SCHEDULED}),
    Command.CANCEL: frozenset({Status.TO_ASSIGN, Status.SCHEDULED}),
    Command.WITHDRAW: frozenset({Status.TO_ASSIGN, Status.SCHEDULED, Status.IN_SESSION}),
    Command.CONSENT: frozenset({Status.SCHEDULED}),
    Command.EXTEND: frozenset({Status.IN_SESSION}),
    Command.STOP: frozenset({Status.IN_SESSION}),
    Command.REVIEW: frozenset({Status.TO_REPORT, Status.IN_REVIEW, Status.SUSPENDED}),
    Command.DISPUTE: frozenset(
        {
            Status.IN_SESSION,
            Status.TO_REPORT,
            Status.IN_REVIEW,
            Status.SUSPENDED,
            Status.INVOICED,
            Status.UNPAID,
        }
    ),
    Command.PAY: frozenset({Status.INVOICED, Status.UNPAID}),
    Command.ACKNOWLEDGE: frozenset({Status.SCHEDULED}),
    Command.DECLINE: frozenset({Status.SCHEDULED}),
    Command.CALL: frozenset({Status.SCHEDULED}),
    Command.START: frozenset({Status.SCHEDULED}),
    Command.END: frozenset({Status.IN_SESSION}),
    Command.ABSENT: frozenset({Status.SCHEDULED}),
    Command.REPORT: frozenset({Status.TO_REPORT}),
    Command.INCIDENT: frozenset(
        {
            Status.SCHEDULED,
            Status.IN_SESSION,
            Status.TO_REPORT,
            Status.IN_REVIEW,
            Status.SUSPENDED,
            Status.INVOICED,
            Status.UNPAID,
        }
    ),
    Command.REASSIGN: frozenset({Status.TO_ASSIGN, Status.SCHEDULED}),
    Command.TAKE_OVER: frozenset({Status.SUSPENDED}),
    Command.RULING: frozenset({Status.SUSPENDED}),
    Command.WRITE_OFF: frozenset({Status.UNPAID}),
}

CHANGES: dict[Status, frozenset[Status]] = {
    Status.REQUESTED: frozenset({Status.SCHEDULED, Status.TO_ASSIGN}),
    Status.TO_ASSIGN: frozenset({Status.SCHEDULED, Status.SUSPENDED, Status.CLOSED}),
    Status.SCHEDULED: frozenset({Status.IN_SESSION, Status.TO_ASSIGN, Status.SUSPENDED, Status.CLOSED}),
    Status.IN_SESSION: frozenset({Status.TO_REPORT, Status.SUSPENDED}),
    Status.TO_REPORT: frozenset({Status.IN_REVIEW, Status.SUSPENDED}),
    Status.IN_REVIEW: frozenset({Status.INVOICED, Status.SUSPENDED, Status.CLOSED}),
    Status.SUSPENDED: frozenset({Status.SCHEDULED, Status.IN_REVIEW, Status.INVOICED, Status.CLOSED}),
    Status.INVOICED: frozenset({Status.CLOSED, Status.UNPAID, Status.SUSPENDED}),
    Status.UNPAID: frozenset({Status.CLOSED, Status.SUSPENDED}),
    Status.CLOSED: frozenset(),
}


WRONG_CODES_BEFORE_ALERT = 3


def check_legal(command: Command, status: Status) -> None:
    """Raises `Refused` when the command is not possible in this status."""
    if status is Status.CLOSED:
        raise Refused(Refusal.TICKET_CLOSED, command=command.value)
    if status not in LEGAL[command]:
        raise Refused(Refusal.NOT_ALLOWED_IN_STATUS, command=command.value, status=status.value)
