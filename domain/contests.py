"""Contests of statements: until when a technician may contest one, and what finance may correct.

Source: who is billed by another must be able to contest it (BOI-TVA-DECLA-30-20-10-30); the mandate
(`api/mandate_text.py`) and the mention on each statement (`domain/mentions.py`) give them the same days.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from domain.errors import Refusal, Refused
from domain.messages import Actor
from domain.opening_hours import PARIS
from domain.payees import CONTESTABLE_DAYS
from domain.tariff import Tariff

# A contest without an answer after that is told by the invariants.
ANSWERED_WITHIN = timedelta(days=7)


class ContestOutcome(StrEnum):
    """What finance answers: the statement stands, or a gain on the next one corrects it."""

    MAINTAINED = "maintained"
    CORRECTED = "corrected"


class Contestation(StrEnum):
    """Where a statement stands: it may be contested, was not in time, waits for an answer, or has it."""

    CONTESTABLE = "contestable"
    ACCEPTED = "accepted"
    CONTESTED = "contested"
    MAINTAINED = "maintained"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Correction:
    """`amount_cents` more, or less, for one session of the statement; VAT excluded, never zero."""

    ticket: str
    session: int
    amount_cents: int


@dataclass(frozen=True)
class ContestRequest:
    """The input of a contest's workflow. `at` is when it was asked: in time, whenever it is recorded.
    `submission_id` holds why, `tickets` are those that it is about, none for all of the statement."""

    statement: str
    actor: Actor
    at: datetime
    submission_id: str
    tickets: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContestAsked:
    """Whether this very request is the contest's; `submission_id` holds why it was asked."""

    submission_id: str


@dataclass(frozen=True)
class ContestAnswered:
    """What finance answers; `submission_id` holds what the technician reads. `correction` with `corrected`,
    and with nothing else."""

    actor: Actor
    outcome: ContestOutcome
    submission_id: str
    correction: Correction | None = None


@dataclass(frozen=True)
class AnswerContest:
    """`at` is the business time."""

    statement: str
    at: datetime
    answered: ContestAnswered


@dataclass(frozen=True)
class ContestStanding:
    """`outcome` is None until it is answered."""

    outcome: ContestOutcome | None = None


@dataclass(frozen=True)
class TellOfContest:
    """Tell of the contest of that statement: the team that it is there, or its technician of the answer."""

    statement: str


def contestable_until(issued_at: datetime) -> datetime:
    """The first instant at which it is too late: the end, in Paris, of the last of the days after that of the
    issue, as the document prints it."""
    last = issued_at.astimezone(PARIS).date() + timedelta(days=CONTESTABLE_DAYS)
    return datetime.combine(last + timedelta(days=1), time(), PARIS)


def check_contestable(issued_at: datetime, now: datetime) -> None:
    """Raises `Refused(CONTEST_PERIOD_OVER)`."""
    if now >= contestable_until(issued_at):
        raise Refused(Refusal.CONTEST_PERIOD_OVER)


def contestation(
    issued_at: datetime, now: datetime, *, contested: bool, outcome: ContestOutcome | None
) -> Contestation:
    """Where a statement stands now."""
    if outcome is not None:
        return Contestation(outcome.value)
    if contested:
        return Contestation.CONTESTED
    return Contestation.CONTESTABLE if now < contestable_until(issued_at) else Contestation.ACCEPTED


def check_correction(outcome: ContestOutcome, correction: Correction | None) -> None:
    """Raises `Refused(CONTEST_CORRECTION)`."""
    if (outcome is ContestOutcome.CORRECTED) != (correction is not None):
        raise Refused(Refusal.CONTEST_CORRECTION)


def corrected_slices(amount_cents: int, *, standing_slices: int, ceiling_minutes: int, tariff: Tariff) -> int:
    """The slices that a correction is, negative for less: a gain is whole slices at the rate frozen at its
    booking, so that whatever takes it back later takes all of it.

    `standing_slices` are those that the session earns now, all corrections counted. Raises
    `Refused(CORRECTION_AMOUNT)` unless it is some slices, leaves no less than nothing and, if it adds, no
    more than the duration that the client accepted.
    """
    slices, rest = divmod(amount_cents, tariff.technician_ht_cents)
    most = ceiling_minutes // tariff.slice_minutes
    left = standing_slices + slices
    if rest or not slices or left < 0 or (slices > 0 and left > most):
        raise Refused(
            Refusal.CORRECTION_AMOUNT,
            slice_cents=tariff.technician_ht_cents,
            least_cents=-tariff.gain_cents(standing_slices),
            most_cents=tariff.gain_cents(max(0, most - standing_slices)),
        )
    return slices
