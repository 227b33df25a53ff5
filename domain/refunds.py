"""Refunds of what was paid: what is asked after a ticket has closed, how the team rules, what goes back.

One case per claim, `refund/{invoice}/{n}` from 1 on; number 0 is the excess that a ticket itself sends back
before it closes. A case ends `refused`, or `refunded` once the money is on its way; money that the provider
gives back waits for somebody, as `failed`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.deadlines import Deadlines
from domain.errors import Refusal, Refused
from domain.messages import Actor
from domain.opening_hours import OpeningHours
from domain.rulings import GainKind, GainRuling
from domain.tariff import Tariff
from domain.ticket_steps import Act


class RefundStatus(StrEnum):
    OPEN = "open"
    SENDING = "sending"
    FAILED = "failed"
    REFUNDED = "refunded"
    REFUSED = "refused"


class RefundKind(StrEnum):
    """What goes back of an invoice: all that is left of it, what exceeds some minutes, or nothing. What we
    have of the client's beyond what is due (their bank gave an excess back to us) goes back in any case."""

    WHOLE = "whole"
    PARTIAL = "partial"
    NONE = "none"


# Our own code beside the provider's refusals: the client's bank gave the money back.
RETURNED = "returned"
# The provider's: a chargeback comes before the refund.
DISPUTED = "charge_disputed"


class TransferState(StrEnum):
    """What became of money that the provider is to send back: it waits until the provider has enough of ours,
    is sent, and may still come back weeks later."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class SentBack:
    """One sending, as the provider has it under its `reference`. `moved` tells that the money has left our
    balance there, whatever became of it since."""

    reference: str
    amount_cents: int
    state: TransferState
    moved: bool


@dataclass(frozen=True)
class ResumedRefund:
    """What a case's process goes on from, after Temporal has forgotten the one before: `attempt` is the last
    one that was sent, 0 for none, and `sent` tells that it has not come back."""

    status: RefundStatus
    attempt: int
    sent: bool
    failure: str | None


@dataclass(frozen=True)
class RefundRequest:
    """The input of a refund's workflow; `submission_id` holds why it is asked. The deadlines and hours in
    force are frozen in it."""

    invoice: str
    n: int
    ticket: str
    client_id: str
    actor: Actor
    submission_id: str
    deadlines: Deadlines = field(default_factory=Deadlines)
    hours: OpeningHours = field(default_factory=OpeningHours)
    resumed: ResumedRefund | None = None


@dataclass(frozen=True)
class RefundAsked:
    """Whether this very request is the case's; `submission_id` holds why it was asked."""

    submission_id: str


@dataclass(frozen=True)
class RefundRuled:
    """`minutes` are what stays billed, with `partial` only. One of `gains` for each session whose technician
    still earns something of it. `submission_id` holds the reason."""

    actor: Actor
    kind: RefundKind
    submission_id: str
    gains: tuple[GainRuling, ...] = ()
    minutes: int | None = None


@dataclass(frozen=True)
class RefundAnswer:
    status: RefundStatus


@dataclass(frozen=True)
class OpenRefund:
    act: Act
    invoice: str
    n: int
    submission_id: str


@dataclass(frozen=True)
class RuleRefund:
    act: Act
    invoice: str
    n: int
    ruled: RefundRuled


@dataclass(frozen=True)
class RefundRuling:
    """What follows from a ruling: cents to send back, the number of the credit note, and the technicians
    whose gain it has changed."""

    amount_cents: int
    credit_note: str | None
    technicians: tuple[str, ...] = ()


@dataclass(frozen=True)
class SendRefund:
    """`attempt` counts from 1 and grows only after the one before has failed for good."""

    act: Act
    invoice: str
    n: int
    attempt: int


@dataclass(frozen=True)
class RefundSentAnswer:
    """`failure` is the provider's code of a refusal, None when the money is on its way, or `waiting` for the
    provider to have enough of ours. `needless` tells that the client's bank has given it back already."""

    failure: str | None = None
    needless: bool = False
    waiting: bool = False


@dataclass(frozen=True)
class CheckRefund:
    """What became of that attempt."""

    act: Act
    invoice: str
    n: int
    attempt: int


@dataclass(frozen=True)
class RefundSeen:
    """`failure` is why the money is with us again, or never left."""

    state: TransferState
    failure: str | None = None


@dataclass(frozen=True)
class SettleRefund:
    """The money was given back by another way than the card: a transfer from our bank, made by hand."""

    act: Act
    invoice: str
    n: int
    submission_id: str


@dataclass(frozen=True)
class ExcessRequest:
    """The input of the process that a notice of the excess of an invoice (number 0) begins, with the
    deadlines and hours in force."""

    invoice: str
    deadlines: Deadlines = field(default_factory=Deadlines)
    hours: OpeningHours = field(default_factory=OpeningHours)


@dataclass(frozen=True)
class LookAtExcess:
    """`at` is the business time; a step is safe to repeat whatever it finds."""

    invoice: str
    at: datetime


@dataclass(frozen=True)
class ExcessSeen:
    """`owed_cents` is what we owe the client of it with nobody about to send it: no case is under way."""

    ticket: str
    owed_cents: int


def slices_left(kind: RefundKind, minutes: int | None, *, billed: int, tariff: Tariff) -> int:
    """The slices that stay billed of those `billed` so far.

    Raises `Refused(REFUND_MINUTES)` when minutes are missing, superfluous, or leave nothing to refund.
    """
    if (kind is RefundKind.PARTIAL) != (minutes is not None):
        raise Refused(Refusal.REFUND_MINUTES)
    match kind:
        case RefundKind.NONE:
            return billed
        case RefundKind.WHOLE:
            return 0
        case RefundKind.PARTIAL:
            left = tariff.slices(minutes or 0)
            if minutes is None or minutes < 1 or left >= billed:
                raise Refused(Refusal.REFUND_MINUTES, billed_slices=billed)
            return left


def corrected_gains(
    rulings: Collection[GainRuling], standing: Mapping[int, int], tariff: Tariff
) -> dict[int, int]:
    """The slices to take from each session's gain, negative; nothing where it stays as it is.

    `standing` maps each session whose technician earns something to the slices of that. Raises
    `Refused(GAIN_RULINGS)` for a session too many or too few, or minutes missing, superfluous or too many.
    """
    if sorted(ruling.session for ruling in rulings) != sorted(standing):
        raise Refused(Refusal.GAIN_RULINGS)
    corrections: dict[int, int] = {}
    for ruling in rulings:
        earned = standing[ruling.session]
        if (ruling.kind is GainKind.REDUCED) != (ruling.minutes is not None):
            raise Refused(Refusal.GAIN_RULINGS, session=ruling.session)
        left = {
            GainKind.FULL: earned,
            GainKind.NONE: 0,
            GainKind.REDUCED: tariff.slices(ruling.minutes or 0),
        }[ruling.kind]
        if left > earned or (ruling.minutes is not None and ruling.minutes < 1):
            raise Refused(Refusal.GAIN_RULINGS, session=ruling.session)
        if left != earned:
            corrections[ruling.session] = left - earned
    return corrections
