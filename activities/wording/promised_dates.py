"""The dates that a mail promises: who has to act, and by when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from db.reads.notice_facts import NoticeFacts
from domain.appointments import acknowledge_by
from domain.deadlines import Deadlines
from domain.opening_hours import OpeningHours


@dataclass(frozen=True)
class PromisedDates:
    """A date is None where what it runs from has not happened."""

    at: datetime
    """The event that the mail tells of."""
    acknowledge_by: datetime | None
    """The technician confirms; then somebody else is sought. None when the appointment is too near."""
    reschedule_until: datetime | None
    """The client may move the appointment; None when it is too late already."""
    cancelled_by: datetime
    """Without a technician the ticket is cancelled, at the latest."""
    details_from: datetime
    """The technician may see how to reach the client."""
    report_by: datetime | None
    """The technician files the report; then the back office is told."""
    review_by: datetime | None
    """The client reviews or disputes; silence accepts."""
    take_over_by: datetime
    """The back office takes a suspended ticket over."""
    next_charge_at: datetime | None
    """The card is tried again; None after the last time."""


def promised_dates(
    facts: NoticeFacts, at: datetime, deadlines: Deadlines, hours: OpeningHours
) -> PromisedDates:
    """`at` is the business time of the event that the mail tells of."""
    session_ended_at = facts.session.ended_at if facts.session else None
    reschedule_until = facts.appointment_start - deadlines.reschedule_limit
    return PromisedDates(
        at=at,
        acknowledge_by=acknowledge_by(deadlines, hours, at, facts.appointment_start),
        reschedule_until=reschedule_until if reschedule_until > at else None,
        cancelled_by=at + deadlines.to_assign,
        details_from=facts.appointment_start - deadlines.contact_window,
        report_by=_after(session_ended_at, deadlines.report_overdue),
        review_by=_after(_review_began_at(facts), deadlines.review),
        take_over_by=hours.add_working_time(at, deadlines.suspension),
        next_charge_at=_next_charge(facts, deadlines),
    )


def _after(start: datetime | None, length: timedelta) -> datetime | None:
    return None if start is None else start + length


def _review_began_at(facts: NoticeFacts) -> datetime | None:
    """With the report, or with the ruling that came after it."""
    begun = [facts.report.filed_at] if facts.report else []
    if facts.ruling is not None:
        begun.append(facts.ruling.ruled_at)
    return max(begun, default=None)


def _next_charge(facts: NoticeFacts, deadlines: Deadlines) -> datetime | None:
    charge = facts.charge
    if charge is None or charge.refusal is None:
        return None
    if not 1 <= charge.attempts <= len(deadlines.charge_retries):
        return None
    return charge.first_tried_at + deadlines.charge_retries[charge.attempts - 1]
