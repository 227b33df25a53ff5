"""Who is given a ticket: the fairest of those who can do it, and the reasons, kept to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

# Why a technician lost a ticket: it is not offered to them again.
STRUCK_OUT = frozenset({"declined", "silent", "absent", "unavailable", "replaced"})


@dataclass(frozen=True)
class Candidate:
    """A technician as the choice sees them; ids and figures only.

    `level` is theirs in the skill, None without it. `working` and `free` are for the whole appointment,
    `on_leave` for any of it. `struck_out` is the reason, of `STRUCK_OUT`, why the ticket's own history
    excludes them.
    """

    technician_id: str
    level: int | None
    working: bool
    on_leave: bool
    free: bool
    booked_this_week: int
    last_worked_at: datetime | None
    struck_out: str | None = None


@dataclass(frozen=True)
class Choice:
    """The chosen technician (None when nobody fits), and why each of the others was not."""

    technician_id: str | None
    reasons: dict[str, str]


def strike_out(candidates: Sequence[Candidate], history: Mapping[str, str]) -> list[Candidate]:
    """The candidates as a ticket's earlier reasons leave them: those who lost it do not get it again."""
    return [
        replace(candidate, struck_out=reason)
        if (reason := history.get(candidate.technician_id)) in STRUCK_OUT
        else candidate
        for candidate in candidates
    ]


def choose(
    candidates: Sequence[Candidate], required_level: int = 1, *, preferred: str | None = None
) -> Choice:
    """The preferred one if they can; else least loaded this week, then longest idle, then by id.

    `reasons` has one entry a candidate: `chosen`, `more_loaded`, or the first thing that rules them out: why
    they were struck out, `lacks_skill`, `lacks_level`, `on_leave`, `not_working`, `not_free`.
    """
    reasons: dict[str, str] = {}
    fit: list[Candidate] = []
    for candidate in candidates:
        obstacle = _obstacle(candidate, required_level)
        reasons[candidate.technician_id] = obstacle or "more_loaded"
        if obstacle is None:
            fit.append(candidate)
    if not fit:
        return Choice(None, reasons)
    best = min(fit, key=lambda one: (one.technician_id != preferred, *_fairness(one)))
    reasons[best.technician_id] = "chosen"
    return Choice(best.technician_id, reasons)


def _obstacle(candidate: Candidate, required_level: int) -> str | None:
    if candidate.struck_out is not None:
        return candidate.struck_out
    if candidate.level is None:
        return "lacks_skill"
    if candidate.level < required_level:
        return "lacks_level"
    if candidate.on_leave:
        return "on_leave"
    if not candidate.working:
        return "not_working"
    return None if candidate.free else "not_free"


def _fairness(candidate: Candidate) -> tuple[int, bool, float, str]:
    worked = candidate.last_worked_at
    idle_since = worked.timestamp() if worked else 0.0
    return (candidate.booked_this_week, worked is not None, idle_since, candidate.technician_id)
