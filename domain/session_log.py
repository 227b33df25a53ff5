"""The log of remote control: what it tells of a session, and how many minutes that proves.

The log is kept by those who run the remote control, on their clock; our own stamps say which part of it
belongs to a session.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.availability import Interval
from domain.ticket_steps import Act

TOLERANCE_MINUTES = 15


@dataclass(frozen=True)
class LoggedSession:
    """One remote control that is over, as it was logged. `reference` names it there; `seconds` is the
    length that the log itself gives."""

    reference: str
    started_at: datetime
    ended_at: datetime
    seconds: int


@dataclass(frozen=True)
class ReadSessionLog:
    """Look up one session of a ticket. `minute` is the length of a minute on this ticket."""

    act: Act
    session: int
    minute: timedelta


@dataclass(frozen=True)
class SessionLogRead:
    """`minutes` is None where the log proves nothing: it is not kept, or has nothing of this session yet."""

    minutes: int | None


def evidence_window(
    started_at: datetime, ended_at: datetime | None, minute: timedelta, *, now: datetime
) -> Interval:
    """When a logged session may have been, to be that of our stamps: between them, or 15 minutes of this
    ticket around them. Nothing after `now` has been yet. Without `ended_at` nobody stamped the end."""
    tolerance = TOLERANCE_MINUTES * minute
    return started_at - tolerance, now if ended_at is None else min(ended_at + tolerance, now)


def logged_minutes(
    intervals: Iterable[Interval],
    started_at: datetime,
    ended_at: datetime | None,
    minute: timedelta,
    *,
    now: datetime,
) -> int | None:
    """The time covered by at least one interval, within the window of evidence, in whole minutes rounded up.

    None when nothing is left: an interval that is empty, ends before it begins, lies in the future or
    outside the window proves nothing.
    """
    first, last = evidence_window(started_at, ended_at, minute, now=now)
    clipped = ((max(start, first), min(end, last)) for start, end in intervals)
    valid = sorted((start, end) for start, end in clipped if start < end)
    covered, until = timedelta(), first
    for start, end in valid:
        covered += max(end - max(start, until), timedelta())
        until = max(until, end)
    return -(-covered // minute) if valid else None
