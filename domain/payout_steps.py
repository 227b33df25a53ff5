"""What a payout run says to its activities, and what they answer. Each step is safe to repeat."""

from dataclasses import dataclass
from datetime import datetime

from domain.payees import Rail
from domain.payouts import PayoutRunRequest

# Our own codes, beside the provider's and those of `domain.payees.Hold`: the run lost the step's answer; the
# statement, without which nothing is sent, could not be made.
INTERRUPTED = "interrupted"
DOCUMENT_MISSING = "document_missing"


@dataclass(frozen=True)
class OpenRun:
    request: PayoutRunRequest
    cut_off: datetime
    at: datetime


@dataclass(frozen=True)
class RunOpened:
    """`n` is 1 for the first run of the month. The cut-off is the one first recorded under the run's key:
    a run asked again is the same run. `technicians` are those whom something may be due."""

    n: int
    cut_off: datetime
    technicians: tuple[str, ...]


@dataclass(frozen=True)
class TechnicianOrder:
    """One technician in one run: claim their gains up to the cut-off, and send what is not sent."""

    month: str
    technician_id: str
    cut_off: datetime


@dataclass(frozen=True)
class Claim:
    order: TechnicianOrder
    at: datetime


@dataclass(frozen=True)
class PayoutToSend:
    """`attempt` counts from 1, over both rails; it grows once the refusal of the one before has been
    recorded. `number` is that of the statement. `look_first`: the provider may have sent it already."""

    key: str
    technician_id: str
    amount_cents: int
    account: str
    attempt: int
    number: str
    rail: Rail = Rail.STRIPE
    look_first: bool = False


@dataclass(frozen=True)
class Claimed:
    """What to send now, earlier claims included; or, with `failure`, why nothing could be claimed."""

    payouts: tuple[PayoutToSend, ...]
    failure: str | None = None


@dataclass(frozen=True)
class TransferAnswer:
    """One is given: the reference of the transfer that pays it, that of the order which is with the bank, or
    the code of a refusal. None of them: it was looked for, and there is none."""

    transfer: str | None = None
    refusal: str | None = None
    ordered: str | None = None


@dataclass(frozen=True)
class RecordTransfer:
    payout: PayoutToSend
    transfer: str
    at: datetime


@dataclass(frozen=True)
class RecordRefusal:
    payout: PayoutToSend
    refusal: str


@dataclass(frozen=True)
class FinishRun:
    key: str
    at: datetime


@dataclass(frozen=True)
class FindStatements:
    """Of the whole month, or of one technician."""

    month: str
    technician_id: str | None = None


@dataclass(frozen=True)
class StatementToWrite:
    number: str
    technician_id: str
