"""Transfers taken back: by somebody at the provider's dashboard, or by finance from here.

Whoever did it, the provider is asked what has become of all the transfers of a payout, and each reversal is
entered once. A transfer that is taken back whole pays nothing any more, and a rerun sends another one; of one
that is taken back in part the rest still stands, until people take that back too.
"""

from dataclasses import dataclass
from datetime import datetime

# Our own code beside the provider's refusals: it was sent, and taken back.
TRANSFER_REVERSED = "transfer_reversed"
# The provider's: the technician's account has not enough of the money left, their bank has it.
UNFUNDED = frozenset({"balance_insufficient", "insufficient_funds"})


@dataclass(frozen=True)
class Reversal:
    """`reference` is the provider's."""

    reference: str
    amount_cents: int


@dataclass(frozen=True)
class SentTransfer:
    """What the provider says of a transfer: how much was sent, and all that was taken back of it."""

    reference: str
    amount_cents: int
    reversals: tuple[Reversal, ...] = ()


@dataclass(frozen=True)
class TransferRequest:
    """The input of the look at a payout's transfers; `payout` is its key."""

    payout: str


@dataclass(frozen=True)
class LookAtTransfers:
    payout: str
    at: datetime


@dataclass(frozen=True)
class TakeBackAsked:
    """Finance wants the money of a payout back; `reason_id` is the submission that says why."""

    actor_id: str
    reason_id: str


@dataclass(frozen=True)
class TakeBack:
    """`key` is that of the person's request: asked twice, it is done once."""

    payout: str
    key: str
    asked: TakeBackAsked
    at: datetime


@dataclass(frozen=True)
class TakenBack:
    """`refusal` is the provider's code, None once nothing of the transfer stands any more."""

    refusal: str | None = None
