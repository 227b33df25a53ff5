"""When a technician may be given clients: once the back office has vetted them, and as long as their papers
last. What holds their money back is another rule; see `domain/payees.py`."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.opening_hours import PARIS
from domain.payees import MANDATE, Standing

# From so long before their last day on the papers are asked for again.
EXPIRE_SOON = timedelta(days=30)


# The technician is told so long before their last day, and once they have ended.
REMINDED = (timedelta(days=30), timedelta(days=7))


@dataclass(frozen=True)
class RemindOfPapers:
    """Those whose papers end soon are told, as of `at`."""

    at: datetime


class Unvetted(StrEnum):
    """What is missing before a technician can be vetted."""

    IDENTITY = "identity"
    MANDATE = "mandate"
    PAPERS = "papers"
    SKILLS = "skills"


def missing(standing: Standing, *, has_skills: bool, today: date) -> tuple[Unvetted, ...]:
    """Empty for who can be vetted. The papers are the certificate of vigilance: the law asks for it from a
    sum on (`VIGILANCE_FROM_CENTS`), we ask for it before the first client."""
    papers = standing.vigilance_until
    found = {
        Unvetted.IDENTITY: not standing.has_identity,
        Unvetted.MANDATE: standing.mandate != MANDATE,
        Unvetted.PAPERS: papers is None or papers < today,
        Unvetted.SKILLS: not has_skills,
    }
    return tuple(one for one, is_missing in found.items() if is_missing)


def good_until(last_day: date) -> datetime:
    """The end, in Paris, of the last day on which papers count."""
    return datetime.combine(last_day + timedelta(days=1), time(), PARIS)


def expire_soon(papers_until: date | None, today: date) -> bool:
    """Whether they end within 30 days, or have ended."""
    return papers_until is not None and papers_until <= today + EXPIRE_SOON


def reminder(papers_until: date, today: date) -> int | None:
    """Which reminder is due: how many days before the last day it is meant for, 0 once that is over, None as
    long as there is time."""
    if papers_until < today:
        return 0
    due = [ahead.days for ahead in REMINDED if papers_until <= today + ahead]
    return min(due, default=None)
