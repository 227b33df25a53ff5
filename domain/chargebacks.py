"""Chargebacks: a client has their bank take a payment back, and the provider asks us for evidence.

What counts is what the provider says of one when asked, never which of its notices came first: every step can
be repeated, and in any order, and the books end alike. An inquiry is a question of the bank that has moved no
money yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.deadlines import Deadlines
from domain.messages import Actor
from domain.opening_hours import OpeningHours
from domain.ticket_steps import Act


class ChargebackStatus(StrEnum):
    """`to_answer` and `answered` are open; `inquiry_closed` is a question that went no further."""

    TO_ANSWER = "to_answer"
    ANSWERED = "answered"
    WON = "won"
    LOST = "lost"
    INQUIRY_CLOSED = "inquiry_closed"


OPEN = frozenset({ChargebackStatus.TO_ANSWER, ChargebackStatus.ANSWERED})


@dataclass(frozen=True)
class ChargebackRequest:
    """The input of a chargeback's workflow; `intent` names the payment to the provider."""

    chargeback: str
    intent: str
    deadlines: Deadlines = field(default_factory=Deadlines)
    hours: OpeningHours = field(default_factory=OpeningHours)


@dataclass(frozen=True)
class LookAtChargeback:
    """`at` is the business time; a step is safe to repeat whatever it finds."""

    chargeback: str
    intent: str
    at: datetime


@dataclass(frozen=True)
class ChargebackSeen:
    """`ticket` is None for a payment that is none of ours; then nothing was written. `is_settled` tells that
    no money will move any more, `technicians` whose gains the bank's decision has changed."""

    ticket: str | None
    status: ChargebackStatus
    answer_by: datetime | None = None
    is_settled: bool = False
    technicians: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerChargeback:
    """The evidence we have is sent to the bank, once. `submission_id` is what the team adds, if anything."""

    act: Act
    chargeback: str
    submission_id: str | None = None


@dataclass(frozen=True)
class ConcedeChargeback:
    """The team gives in. `submission_id` holds the reason."""

    act: Act
    chargeback: str
    submission_id: str


@dataclass(frozen=True)
class ChargebackAct:
    """What the back office says to a chargeback; see the two steps above."""

    actor: Actor
    submission_id: str | None = None


@dataclass(frozen=True)
class ChargebackAnswer:
    status: ChargebackStatus


@dataclass(frozen=True)
class Moved:
    """One entry of the provider's books: cents taken are negative, and the fee taken with them positive."""

    entry: str
    amount_cents: int
    fee_cents: int


def withdrawn_cents(moves: Sequence[Moved]) -> int:
    return -sum(move.amount_cents for move in moves if move.amount_cents < 0)


def returned_cents(moves: Sequence[Moved]) -> int:
    return sum(move.amount_cents for move in moves if move.amount_cents > 0)


def fees_cents(moves: Sequence[Moved]) -> int:
    return sum(move.fee_cents for move in moves)
