"""How long each wait of a ticket lasts. A frozen value, handed to the ticket when it starts.

The figures are the service's promises to clients and technicians (one table, `PRODUCTION`). A demo gives
its own, in seconds; a ticket keeps the ones it was born with.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Deadlines:
    """Each field is a length of time; the comment of each says from when it runs and what it ends in."""

    minute: timedelta = timedelta(minutes=1)
    """The length of a billed minute; anything else is for a demo."""
    acknowledgement: timedelta = timedelta(hours=2)
    """Working time from the booking; a technician who is silent until then loses the ticket to the next."""
    acknowledgement_before: timedelta = timedelta(hours=1)
    """Before the appointment; silence until then has the same effect, whenever the booking was."""
    acknowledgement_at_least: timedelta = timedelta(minutes=10)
    """From the booking; however near the appointment is, a technician has that long to confirm."""
    reminders: tuple[timedelta, ...] = (timedelta(days=1), timedelta(hours=1))
    """Before the appointment; client and technician are reminded."""
    contact_window: timedelta = timedelta(minutes=15)
    """Before the appointment; from then on the technician may see the phone number, and call."""
    no_call: timedelta = timedelta(minutes=10)
    """After the appointment, no call recorded; the back office is told and another technician sought."""
    absence: timedelta = timedelta(minutes=15)
    """From the first recorded call to the last; a client who answered none of three may be said absent."""
    reschedule_limit: timedelta = timedelta(hours=2)
    """Before the appointment; until then the client may move it, afterwards only the back office."""
    not_started: timedelta = timedelta(minutes=60)
    """After the appointment, called or not, no session; the back office is told, then daily."""
    long_session: timedelta = timedelta(hours=4)
    """After the start of a session; the back office is told."""
    session_timeout: timedelta = timedelta(hours=12)
    """After the start of a session nobody ended; it is ended, without evidence of its duration."""
    report_reminder: timedelta = timedelta(hours=2)
    """After the end of a session; the technician is reminded."""
    report_overdue: timedelta = timedelta(hours=24)
    """After the end of a session; the back office is told, then daily."""
    review_reminder: timedelta = timedelta(hours=48)
    """After the report; the client is reminded."""
    review: timedelta = timedelta(hours=72)
    """After the report; silence accepts."""
    suspension: timedelta = timedelta(hours=4)
    """Working time from the suspension; the back office is told, then daily."""
    payment_notice: timedelta = timedelta(minutes=10)
    """After a charge that should have succeeded; we ask the provider instead of waiting for its notice."""
    charge_retries: tuple[timedelta, ...] = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
    """After the first refusal; each tries the card again. After the last: unpaid."""
    to_assign: timedelta = timedelta(days=7)
    """From the loss of the technician; the ticket is cancelled. A free second session is not: its ticket
    is suspended again."""
    repeat_alert: timedelta = timedelta(days=1)
    """Between two alerts of the back office about the same wait."""


PRODUCTION = Deadlines()

DEMO = Deadlines(
    minute=timedelta(milliseconds=100),
    acknowledgement=timedelta(seconds=60),
    acknowledgement_before=timedelta(milliseconds=500),
    acknowledgement_at_least=timedelta(seconds=60),
    reminders=(timedelta(seconds=2), timedelta(seconds=1)),
    contact_window=timedelta(seconds=60),
    no_call=timedelta(seconds=60),
    absence=timedelta(seconds=2),
    reschedule_limit=timedelta(seconds=1),
    not_started=timedelta(minutes=3),
    long_session=timedelta(minutes=3),
    session_timeout=timedelta(minutes=10),
    report_reminder=timedelta(seconds=60),
    report_overdue=timedelta(minutes=3),
    review_reminder=timedelta(seconds=3),
    review=timedelta(seconds=6),
    suspension=timedelta(minutes=1),
    payment_notice=timedelta(seconds=10),
    charge_retries=(timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=15)),
    to_assign=timedelta(minutes=5),
    repeat_alert=timedelta(minutes=5),
)
