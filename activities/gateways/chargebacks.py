"""The payment provider's chargebacks in our own words. One adapter implements it: `stripe_chargebacks.py`.

A breakdown is an exception (`PaymentsBroken`), and the caller's retry policy decides.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.chargebacks import ChargebackStatus, Moved


@dataclass(frozen=True)
class ChargebackFound:
    """What the provider says of one now. `moves` is the money that it moved so far; `has_evidence` tells
    that a draft, or an answer, is there."""

    intent: str
    status: ChargebackStatus
    is_inquiry: bool
    reason: str
    amount_cents: int
    opened_at: datetime
    answer_by: datetime | None
    moves: tuple[Moved, ...]


@dataclass(frozen=True)
class EvidenceText:
    """What a bank is told, in French: what was sold and agreed, who did what and when, what the client said.
    `invoice` is the document of record, as PDF."""

    product: str
    served_on: str
    activity: str
    summary: str
    invoice: bytes | None


class Chargebacks(Protocol):
    async def chargeback(self, reference: str) -> ChargebackFound:
        """As it is now."""

    async def answer_chargeback(self, reference: str, evidence: EvidenceText) -> None:
        """Send our evidence to the bank: final, and no effect on one that was answered or is over."""

    async def concede_chargeback(self, reference: str) -> None:
        """Give in: lost at once. No effect on one that is over."""
