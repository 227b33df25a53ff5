"""Money sent back to a card, and given back by the client's bank."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Invoice
from db.models.refunds import Refund
from db.stores.money.ledger import post
from domain import ids, ledger
from domain.refunds import TransferState


@dataclass(frozen=True)
class SentBack:
    """`reference` is the provider's."""

    amount_cents: int
    reference: str


async def enter_refund(
    session: AsyncSession, invoice: Invoice, n: int, attempt: int, sent: SentBack, at: datetime
) -> None:
    """Entered again it changes nothing."""
    if await session.get(Refund, (invoice.number, n, attempt)) is not None:
        return
    session.add(
        Refund(
            invoice=invoice.number,
            n=n,
            attempt=attempt,
            amount_cents=sent.amount_cents,
            reference=sent.reference,
            state=TransferState.SENT,
            sent_at=at,
        )
    )
    key = ids.refund_key(invoice.number, n, attempt)
    await post(session, ledger.refund_sent(key, invoice.client_id, sent.amount_cents), at)


async def enter_failure(session: AsyncSession, refund: Refund, client_id: str, at: datetime) -> None:
    """The money came back to us."""
    if refund.state is TransferState.FAILED:
        return
    refund.state, refund.failed_at = TransferState.FAILED, at
    key = ids.refund_key(refund.invoice, refund.n, refund.attempt)
    await post(session, ledger.refund_failed(key, client_id, refund.amount_cents), at)
