"""Rules of the appointment itself: until when a technician must confirm, and when a client is absent."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.deadlines import Deadlines
from domain.opening_hours import OpeningHours

CALLS_BEFORE_ABSENCE = 3


def acknowledge_by(
    deadlines: Deadlines, hours: OpeningHours, booked_at: datetime, start: datetime
) -> datetime | None:
    """Until when the technician must confirm; None when the appointment is too near for that to be asked.

    Two working hours, or until an hour before the appointment if that comes first, and never less than ten
    minutes.
    """
    at_least = booked_at + deadlines.acknowledgement_at_least
    if at_least >= start:
        return None
    usual = hours.add_working_time(booked_at, deadlines.acknowledgement)
    return max(at_least, min(usual, start - deadlines.acknowledgement_before))


def proves_absence(calls: Sequence[datetime], start: datetime, span: timedelta) -> bool:
    """Whether a client who took none of these calls may be said absent: three calls, none before the hour of
    the appointment, the last at least `span` after the first."""
    counted = sorted(call for call in calls if call >= start)
    return len(counted) >= CALLS_BEFORE_ABSENCE and counted[-1] - counted[0] >= span
