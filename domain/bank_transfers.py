"""Transfers sent through a bank by file, and what the bank answers to them.

The bank knows a transfer by our reference, the end-to-end id, and a file by its message id; each is ours for
ever, so that a file sent twice is refused as the same one, and every answer finds its payout.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.errors import Refused
from domain.iban import normalised_iban

LONGEST_REFERENCE = 35
# What SEPA writes in place of an id or a name that there is not.
NOT_PROVIDED = "NOTPROVIDED"
# EPC132-08 (customer-to-bank guidelines of SEPA credit transfers): 0.01 to 999,999,999.99 euros.
MOST_CENTS = 99_999_999_999
# The largest message of a bank's that is read.
MOST_MESSAGE_BYTES = 5_000_000
# ISO 20022 status reasons: the message, the block, the transfer, the end-to-end id, the instruction or any of
# these was there before. DUPL is what some banks write for all.
_DUPLICATES = frozenset(("DU01", "DU02", "DU03", "DU04", "DU05", "AM05", "DUPL"))
# The same guidelines: the characters that every bank takes; in a reference no slash begins, ends or follows
# another.
_REFERENCE = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/?:().,'+ -]+(?<!/)", re.ASCII)


@dataclass(frozen=True)
class Account:
    """Whose account, and its IBAN as `normalised_iban` gives it. Raises `ValueError` for anything else."""

    name: str
    iban: str

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("an account has an owner")
        try:
            normalised = normalised_iban(self.iban)
        except Refused:
            raise ValueError("not an IBAN that a SEPA transfer can reach") from None
        if normalised != self.iban:
            raise ValueError("an IBAN is kept without spaces, in capitals")


@dataclass(frozen=True)
class BankTransfer:
    """`reference` is the end-to-end id (see `bank_reference`), which the creditor's bank passes on too;
    `remittance` is what the creditor reads on their statement. Raises `ValueError` if no bank can take it."""

    reference: str
    creditor: Account
    amount_cents: int
    remittance: str

    def __post_init__(self) -> None:
        _check_reference(self.reference)
        if not 0 < self.amount_cents <= MOST_CENTS:
            raise ValueError("a transfer is of 1 cent to 999,999,999.99 euros")
        if not self.remittance.strip():
            raise ValueError("a transfer says what it is for")


@dataclass(frozen=True)
class TransferFile:
    """Transfers from one account, to be made on one day. `created_at` is part of the file: the same one
    rewritten carries the same time. Raises `ValueError` if no bank can take it."""

    message_id: str
    created_at: datetime
    execution_date: date
    debtor: Account
    transfers: tuple[BankTransfer, ...]

    def __post_init__(self) -> None:
        _check_reference(self.message_id)
        if self.created_at.tzinfo is None:
            raise ValueError("a file is created at an instant, in a time zone")
        if not self.transfers:
            raise ValueError("a file has transfers")
        if len({transfer.reference for transfer in self.transfers}) != len(self.transfers):
            raise ValueError("each transfer has a reference of its own")


class BankAnswerKind(StrEnum):
    """What the bank says has become of a transfer. `accepted`: taken, which a rejection may still follow;
    `settled`: our account was debited; `rejected`: nothing leaves our account; `returned`: the money left,
    and came back."""

    ACCEPTED = "accepted"
    SETTLED = "settled"
    REJECTED = "rejected"
    RETURNED = "returned"


@dataclass(frozen=True)
class BankAnswer:
    """One statement of the bank, about a transfer (`reference`) or about a whole file (`message_id`).

    `entry` is the bank's own id of the line or the message that says so; with `kind` and what it is about it
    names this answer for ever. Of one event a bank tells more than once, under ids that may differ: a notice
    on the same day and a statement the next, a return message and its credit. `code` is an ISO 20022 reason
    (AC04: account closed) or the bank's own. `day` is when the money moved, or the date of the message.
    """

    kind: BankAnswerKind
    entry: str
    reference: str | None = None
    message_id: str | None = None
    code: str | None = None
    amount_cents: int | None = None
    day: date | None = None

    def __post_init__(self) -> None:
        if (self.reference is None) == (self.message_id is None):
            raise ValueError("an answer is about a transfer or about a file")

    @property
    def sent_before(self) -> bool:
        """Rejected for being there already: nothing is made of this sending, and the first one stands."""
        return self.kind is BankAnswerKind.REJECTED and self.code in _DUPLICATES


def bank_reference(payout_key: str, attempt: int = 1) -> str:
    """The end-to-end id of one sending of a payout, 35 characters. A new attempt, after the bank refused or
    returned one, has its own: what the bank still says of the first is not said of the second.

    Raises `ValueError` for what is no key of a payout (`domain.ids.payout_key`).
    """
    _, month, _, _ = payout_key.split(":")
    # Capitals: some banks write every reference so.
    digest = hashlib.sha256(f"{payout_key}\n{attempt}".encode()).hexdigest().upper()
    return f"OMEA-P-{month}-{digest}"[:LONGEST_REFERENCE]


def file_reference(month: str, n: int) -> str:
    """The message id of the `n`-th file (from 1) of a month of payouts: `OMEA-2026-11-1`."""
    if n < 1:
        raise ValueError("files are counted from 1")
    return f"OMEA-{month}-{n}"


def _check_reference(text: str) -> None:
    if len(text) > LONGEST_REFERENCE or not _REFERENCE.fullmatch(text) or text != text.strip():
        raise ValueError(f"a reference is of 1 to {LONGEST_REFERENCE} characters that every bank takes")
