"""Who is given a ticket: the fairest of those who can do it, and the reasons, kept to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

# Why a technician is not asked again for the same appointment.
STRUCK_OUT = frozenset({"declined", "silent", "absent", "unavailable", "replaced"})


@dataclass(frozen=True)
class Candidate:
    """A technician as the choice sees them; ids and figures only."""

    technician_id: str
    has_skill: bool
    free: bool
    booked_this_week: int
    last_worked_at: datetime | None


@dataclass(frozen=True)
class Choice:
    """The chosen technician (None when nobody fits), and why each of the others was not."""

    technician_id: str | None
    reasons: dict[str, str]


def choose(candidates: Sequence[Candidate], preferred: str | None = None) -> Choice:
    """The preferred one if they can; else least loaded this week, then longest idle, then by id.

    `reasons` has one entry a candidate: `chosen`, `lacks_skill`, `not_free` or `more_loaded`.
    """
    reasons: dict[str, str] = {}
    fit: list[Candidate] = []
    for candidate in candidates:
        if not candidate.has_skill:
            reasons[candidate.technician_id] = "lacks_skill"
        elif not candidate.free:
            reasons[candidate.technician_id] = "not_free"
        else:
            reasons[candidate.technician_id] = "more_loaded"
            fit.append(candidate)
    if not fit:
        return Choice(None, reasons)
    best = min(fit, key=lambda one: (one.technician_id != preferred, *_fairness(one)))
    reasons[best.technician_id] = "chosen"
    return Choice(best.technician_id, reasons)


def _fairness(candidate: Candidate) -> tuple[int, bool, float, str]:
    worked = candidate.last_worked_at
    idle_since = worked.timestamp() if worked else 0.0
    return (candidate.booked_this_week, worked is not None, idle_since, candidate.technician_id)
