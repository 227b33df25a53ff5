"""Who must act on a ticket now, by when, and what happens otherwise: what its page tells everybody.

It follows from the status, the stamps and the deadlines alone; the workflow keeps the promises made here.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.appointments import acknowledge_by
from domain.deadlines import Deadlines
from domain.opening_hours import OpeningHours
from domain.tickets import Command, Role, Status


class Otherwise(StrEnum):
    """What happens when nobody acts."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    SUSPENDED_AGAIN = "suspended_again"
    NEXT_TECHNICIAN = "next_technician"
    NO_SESSION = "no_session"
    REPLACED = "replaced"
    NOT_STARTED = "not_started"
    TIMED_OUT = "timed_out"
    REPORT_OVERDUE = "report_overdue"
    SILENCE_ACCEPTS = "silence_accepts"
    TEAM_REMINDED = "team_reminded"
    CHARGED = "charged"
    CHARGED_AGAIN = "charged_again"
    CHASED = "chased"


@dataclass(frozen=True)
class Stamps:
    """What is known of a ticket. `since` is when it came to its status, or to its present appointment.

    `session_at` is the last thing that happened to the last session: its start, or its end. `refused_at` is
    the first refusal of the card and `refusals` how many there were, counted up to the last try if that was
    refused too. `is_free` tells a free session after a ruling, `is_late` whether the appointment has begun.
    """

    since: datetime
    start: datetime
    is_late: bool = False
    is_free: bool = False
    acknowledged: bool = False
    called: bool = False
    consented: bool = False
    session_at: datetime | None = None
    taken_over_at: datetime | None = None
    refused_at: datetime | None = None
    refusals: int = 0


@dataclass(frozen=True)
class Expectation:
    """`command` is what `who` is waited for; None where it is no command on the ticket. Without `by` the
    wait has no end of its own."""

    who: Role
    command: Command | None
    by: datetime | None
    otherwise: Otherwise


def expectation(
    status: Status, stamps: Stamps, deadlines: Deadlines, hours: OpeningHours
) -> Expectation | None:
    """None for a closed ticket: nobody must do anything."""
    since, session_at = stamps.since, stamps.session_at or stamps.since
    match status:
        case Status.REQUESTED:
            return Expectation(Role.SYSTEM, None, None, Otherwise.BOOKED)
        case Status.TO_ASSIGN:
            then = Otherwise.SUSPENDED_AGAIN if stamps.is_free else Otherwise.CANCELLED
            return Expectation(Role.BACK_OFFICE, Command.REASSIGN, since + deadlines.to_assign, then)
        case Status.SCHEDULED:
            return _before_the_session(stamps, deadlines, hours)
        case Status.IN_SESSION:
            by = session_at + deadlines.session_timeout
            return Expectation(Role.TECHNICIAN, Command.END, by, Otherwise.TIMED_OUT)
        case Status.TO_REPORT:
            by = session_at + deadlines.report_overdue
            return Expectation(Role.TECHNICIAN, Command.REPORT, by, Otherwise.REPORT_OVERDUE)
        case Status.IN_REVIEW:
            by = since + deadlines.review
            return Expectation(Role.CLIENT, Command.REVIEW, by, Otherwise.SILENCE_ACCEPTS)
        case Status.SUSPENDED if stamps.taken_over_at is None:
            by = hours.add_working_time(since, deadlines.suspension)
            return Expectation(Role.BACK_OFFICE, Command.TAKE_OVER, by, Otherwise.TEAM_REMINDED)
        case Status.SUSPENDED:
            by = (stamps.taken_over_at or since) + deadlines.repeat_alert
            return Expectation(Role.BACK_OFFICE, Command.RULING, by, Otherwise.TEAM_REMINDED)
        case Status.INVOICED:
            return _before_the_money(stamps, deadlines)
        case Status.UNPAID:
            return Expectation(Role.CLIENT, Command.PAY, None, Otherwise.CHASED)
        case Status.CLOSED:
            return None


def _before_the_session(stamps: Stamps, deadlines: Deadlines, hours: OpeningHours) -> Expectation:
    """The technician confirms, the client consents, the technician calls and starts, in that order."""
    confirm_by = acknowledge_by(deadlines, hours, stamps.since, stamps.start)
    expected = max(stamps.start, stamps.since)
    if confirm_by is not None and not stamps.acknowledged and not stamps.called:
        return Expectation(Role.TECHNICIAN, Command.ACKNOWLEDGE, confirm_by, Otherwise.NEXT_TECHNICIAN)
    if not stamps.consented and not stamps.is_late:
        return Expectation(Role.CLIENT, Command.CONSENT, stamps.start, Otherwise.NO_SESSION)
    if not stamps.called:
        by = expected + deadlines.no_call
        return Expectation(Role.TECHNICIAN, Command.CALL, by, Otherwise.REPLACED)
    if not stamps.consented:
        by = expected + deadlines.not_started
        return Expectation(Role.CLIENT, Command.CONSENT, by, Otherwise.NO_SESSION)
    by = expected + deadlines.not_started
    return Expectation(Role.TECHNICIAN, Command.START, by, Otherwise.NOT_STARTED)


def _before_the_money(stamps: Stamps, deadlines: Deadlines) -> Expectation:
    """The card is charged; refused, it is tried again after each delay, counted from the first refusal."""
    retries, refusals = deadlines.charge_retries, stamps.refusals
    if stamps.refused_at is None or not refusals:
        return Expectation(Role.SYSTEM, None, None, Otherwise.CHARGED)
    if refusals > len(retries):
        return Expectation(Role.CLIENT, Command.PAY, None, Otherwise.CHASED)
    by = stamps.refused_at + retries[refusals - 1]
    return Expectation(Role.CLIENT, Command.PAY, by, Otherwise.CHARGED_AGAIN)
