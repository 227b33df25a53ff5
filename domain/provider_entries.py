"""The entries of our balance at the provider, and what each must be in our ledger, on account 5112.

Postings and entries are compared by what they are about (an invoice, a payout, the provider's own reference)
and by sort. A posting on 5112 must therefore have a key `{event}:{reference}`, with `:{n}` after it where
there are several, and its event a sort here; so must each kind of entry. What has none is no sort of ours:
it is never posted, and an invariant says so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import ledger
from domain.ledger import Posting

# The sort of each kind of entry, in the provider's words.
KINDS: dict[str, str] = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund",
    "payment_failure_refund": "refund",
    "dispute": "chargeback",
    "dispute_reversal": "chargeback",
    "fee": "chargeback_answer",
    "transfer": "transfer",
    # The reversal of a transfer. `transfer_cancel` and `transfer_failure` are older kinds, which no reversal
    # explains: should one come, people look.
    "transfer_refund": "transfer_reversal",
    "payout": "bank",
    "payout_cancel": "bank",
    "payout_failure": "bank",
    "stripe_fee": "provider_fee",
}
# What the provider takes from an entry is a sort of its own.
FEE = "fee"
# The sort of each event that we post on 5112: the first part of its key.
EVENTS: dict[str, str] = {
    "paid": "charge",
    "fee": FEE,
    "refund": "refund",
    "refund-failed": "refund",
    "chargeback": "chargeback",
    "chargeback-won": "chargeback",
    "chargeback-fee": FEE,
    "chargeback-answer": "chargeback_answer",
    "transfer": "transfer",
    "transfer-reversed": "transfer_reversal",
    "bank": "bank",
    "bank_returned": "bank",
    "provider_fee": "provider_fee",
}

# The provider keeps its events for 30 days.
EVENTS_KEPT = timedelta(days=30)
# Read again each time: what the provider lists a little late must not be passed over.
OVERLAP = timedelta(hours=1)
# An event younger than that may still come by itself.
NOTICE_MAY_COME = timedelta(minutes=5)


@dataclass(frozen=True)
class Read:
    """Read on at the provider. `at` is the business time."""

    at: datetime


@dataclass(frozen=True)
class EventsRead:
    """How many events had never come by themselves."""

    lost: int


@dataclass(frozen=True)
class EntriesRead:
    new: int


def own_postings(
    kind: str, entry: str, source: str | None, amount_cents: int, fee_cents: int
) -> tuple[Posting, ...]:
    """What an entry is in our ledger where only the provider knows of it: money sent to our bank, and what it
    takes outside of payments. All others are posted by the process that moved the money."""
    reference = source or entry
    match kind:
        case "payout":
            moved = ledger.paid_out_to_the_bank(reference, amount_cents)
        case "payout_cancel" | "payout_failure":
            moved = ledger.returned_by_the_bank(reference, amount_cents)
        case "fee":
            # What a bank asks for reading our answer, or gives back; the provider tells nowhere else.
            moved = ledger.chargeback_answer_fee(reference, entry, amount_cents)
        case "stripe_fee":
            reference, moved = entry, ledger.provider_fee(entry, amount_cents)
        case _:
            return ()
    return (moved, ledger.stripe_fee(reference, fee_cents))
