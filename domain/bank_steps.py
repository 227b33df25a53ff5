"""What the workflows say to the bank's activities, and what they answer. Each step is safe to repeat."""

from dataclasses import dataclass
from datetime import datetime

from domain.payout_steps import PayoutToSend


@dataclass(frozen=True)
class OrderTransfer:
    payout: PayoutToSend
    at: datetime


@dataclass(frozen=True)
class MakeTransferFile:
    """What waits of a month is put into one file. `run` is the key of the run that asks."""

    month: str
    run: str
    at: datetime


@dataclass(frozen=True)
class TransferFileMade:
    """`message_id` of the run's last file, or None when nothing waited."""

    message_id: str | None


@dataclass(frozen=True)
class BankMessageRequest:
    """A message of the bank's that is kept under this digest of its bytes."""

    sha256: str


@dataclass(frozen=True)
class ApplyBankMessage:
    sha256: str
    at: datetime


@dataclass(frozen=True)
class BankMessageApplied:
    """What a message has changed, in transfers: `settled`, `rejected`, `returned`. And in answers: `accepted`
    by the bank, which decides nothing; `unchanged`, known already or outweighed; `unknown`, of somebody
    else's transfers or files; `conflicting`, which people must look into: of another amount than ours (then
    nothing is changed), or money that left for a payout that went another way since."""

    accepted: int = 0
    settled: int = 0
    rejected: int = 0
    returned: int = 0
    unchanged: int = 0
    unknown: int = 0
    conflicting: int = 0
