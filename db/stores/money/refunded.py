"""Money sent back to a card, and given back by the client's bank."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Invoice
from db.models.refunds import Refund
from db.stores.money.ledger import post
from domain import ids, ledger
from domain.refunds import SentBack, TransferState


async def enter_refund(
    session: AsyncSession, invoice: Invoice, n: int, attempt: int, sent: SentBack, at: datetime
) -> bool:
    """One sending as the provider has it now: posted when the money has left, and again when it came back.
    Answers whether that is new; entered again it changes nothing."""
    refund = await session.get(Refund, (invoice.number, n, attempt))
    before = refund.state if refund is not None else None
    if refund is None:
        refund = Refund(
            invoice=invoice.number,
            n=n,
            attempt=attempt,
            amount_cents=sent.amount_cents,
            reference=sent.reference,
            state=TransferState.WAITING,
            sent_at=at,
        )
        session.add(refund)
    key, client, cents = ids.refund_key(invoice.number, n, attempt), invoice.client_id, sent.amount_cents
    if refund.state is TransferState.WAITING and sent.moved:
        refund.state = TransferState.SENT
        await post(session, ledger.refund_sent(key, client, cents), at)
    if refund.state is not TransferState.FAILED and sent.state is TransferState.FAILED:
        refund.state, refund.failed_at = TransferState.FAILED, at
        if sent.moved:
            await post(session, ledger.refund_failed(key, client, cents), at)
    return refund.state is not before
