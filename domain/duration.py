"""The billed duration: declared by the technician, measured by our stamps, bounded by the ceiling."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import Refusal, Refused
from domain.tariff import Tariff

TOLERANCE_MINUTES = 3
TOLERANCE_PERCENT = 10
CEILING_STEP_MINUTES = 15
LONGEST_CEILING_MINUTES = 240
LONGEST_DECLARED_MINUTES = 24 * 60


@dataclass(frozen=True)
class Duration:
    """What a report says against what was measured. `credible` false suspends the ticket before review."""

    declared_minutes: int
    measured_minutes: int
    billed_slices: int
    credible: bool


def measured_minutes(started_at: datetime, ended_at: datetime, minute: timedelta) -> int:
    """Stamps to whole minutes, rounded up. `minute` is the length of a minute on this ticket."""
    return max(0, -(-(ended_at - started_at) // minute))


def check_ceiling(minutes: int) -> None:
    """Raises `Refused(INVALID_DURATION)` unless the ceiling is a positive multiple of 15 up to 4 hours."""
    if minutes % CEILING_STEP_MINUTES or not CEILING_STEP_MINUTES <= minutes <= LONGEST_CEILING_MINUTES:
        raise Refused(Refusal.INVALID_DURATION, minutes=minutes)


def duration(tariff: Tariff, *, declared: int, measured: int | None, ceiling: int) -> Duration:
    """Apply the rule of billed duration.

    `measured` is None where there is no evidence of the end (a session closed by time-out): such a report
    is never credible, and what it would bill is bounded by what was declared and by the ceiling.
    """
    evidence = declared if measured is None else measured
    billed = min(tariff.slices(declared), tariff.slices(evidence), ceiling // tariff.slice_minutes)
    excess = declared - evidence
    too_much = excess > TOLERANCE_MINUTES and excess * 100 > evidence * TOLERANCE_PERCENT
    return Duration(
        declared_minutes=declared,
        measured_minutes=evidence,
        billed_slices=billed,
        credible=measured is not None and not too_much,
    )
