"""Money sent back to a card, and given back by the client's bank."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chargebacks import Chargeback
from db.models.money import Invoice, Payment
from db.models.refunds import Refund, RefundCase
from db.stores.money.ledger import post
from domain import ids, ledger
from domain.refunds import RefundStatus, TransferState


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


async def kept_cents(session: AsyncSession, invoice: str) -> int:
    """What we have of the client's money: collected, less what went back to the card, by our own bank, or by
    a chargeback, lost or not decided yet."""
    payment = await session.get(Payment, invoice)
    sent = await session.scalar(
        select(func.coalesce(func.sum(Refund.amount_cents), 0)).where(
            Refund.invoice == invoice, Refund.state == TransferState.SENT
        )
    )
    by_card = select(Refund.n).where(
        Refund.invoice == RefundCase.invoice, Refund.n == RefundCase.n, Refund.state == TransferState.SENT
    )
    by_bank = await session.scalar(
        select(func.coalesce(func.sum(RefundCase.amount_cents), 0)).where(
            RefundCase.invoice == invoice,
            RefundCase.status == RefundStatus.REFUNDED,
            ~by_card.correlate(RefundCase).exists(),
        )
    )
    taken = await session.scalar(
        select(func.coalesce(func.sum(Chargeback.withdrawn_cents - Chargeback.returned_cents), 0)).where(
            Chargeback.invoice == invoice
        )
    )
    collected = (payment.collected_cents if payment else None) or 0
    return collected - int(sent or 0) - int(by_bank or 0) - int(taken or 0)
