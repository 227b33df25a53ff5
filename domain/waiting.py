"""Why a ticket waits for the back office, and until when somebody should have looked at it."""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.deadlines import Deadlines
from domain.opening_hours import OpeningHours


class Waiting(StrEnum):
    """Why a ticket is in the queue, the gravest reason first."""

    TO_ASSIGN = "to_assign"
    SUSPENDED = "suspended"
    CHARGEBACK = "chargeback"
    REFUND_FAILED = "refund_failed"
    REFUND = "refund"
    UNPAID = "unpaid"
    WRONG_CODES = "wrong_codes"
    NOT_STARTED = "not_started"
    NO_CALL = "no_call"
    LONG_SESSION = "long_session"
    REPORT_OVERDUE = "report_overdue"
    INCIDENT = "incident"


class Urgency(StrEnum):
    """`LATE`: it should have been looked at. `SOON`: within the hour. `IN_TIME`: later."""

    LATE = "late"
    SOON = "soon"
    IN_TIME = "in_time"


# Something has gone wrong with a client on the telephone, or about to be: nothing is to be waited for.
AT_ONCE = frozenset(
    {
        Waiting.WRONG_CODES,
        Waiting.NOT_STARTED,
        Waiting.NO_CALL,
        Waiting.LONG_SESSION,
        Waiting.REPORT_OVERDUE,
        Waiting.INCIDENT,
    }
)
SOON = timedelta(hours=1)


def look_by(
    waiting: Waiting,
    since: datetime,
    deadlines: Deadlines,
    hours: OpeningHours,
    *,
    taken_over_at: datetime | None = None,
    answer_by: datetime | None = None,
) -> datetime:
    """Until when the back office should look at it: `deadlines.suspension` of working time from `since`.
    What cannot wait is due at once, and again a day after somebody has taken a suspended ticket over. The
    bank's date, `answer_by`, comes before ours if it is nearer."""
    if waiting in AT_ONCE:
        return since
    if waiting is Waiting.SUSPENDED and taken_over_at is not None:
        return taken_over_at + deadlines.repeat_alert
    ours = look_by_ours(since, deadlines, hours)
    return ours if answer_by is None else min(ours, answer_by)


def look_by_ours(since: datetime, deadlines: Deadlines, hours: OpeningHours) -> datetime:
    """Until when the back office looks at whatever is not pressing."""
    return hours.add_working_time(since, deadlines.suspension)


def urgency(by: datetime, now: datetime) -> Urgency:
    if by <= now:
        return Urgency.LATE
    return Urgency.SOON if by - now <= SOON else Urgency.IN_TIME
