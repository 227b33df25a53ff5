"""The dates that a mail promises: who has to act, and by when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from db.reads.notices import NoticeFacts
from domain.deadlines import Deadlines
from domain.opening_hours import OpeningHours


@dataclass(frozen=True)
class PromisedDates:
    """A date is None where what it runs from has not happened."""

    acknowledge_by: datetime
    """The technician confirms; then the back office is told. Never later than the appointment."""
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
    acknowledge_by = hours.add_working_time(at, deadlines.acknowledgement)
    session_ended_at = facts.session.ended_at if facts.session else None
    return PromisedDates(
        acknowledge_by=min(acknowledge_by, facts.appointment_start),
        details_from=facts.appointment_start - deadlines.contact_window,
        report_by=_after(session_ended_at, deadlines.report_overdue),
        review_by=_after(facts.report.filed_at if facts.report else None, deadlines.review),
        take_over_by=hours.add_working_time(at, deadlines.suspension),
        next_charge_at=_next_charge(facts, deadlines),
    )


def _after(start: datetime | None, length: timedelta) -> datetime | None:
    return None if start is None else start + length


def _next_charge(facts: NoticeFacts, deadlines: Deadlines) -> datetime | None:
    charge = facts.charge
    if charge is None or charge.refusal is None or charge.attempt > len(deadlines.charge_retries):
        return None
    return charge.first_tried_at + deadlines.charge_retries[charge.attempt - 1]
