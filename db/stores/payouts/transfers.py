"""What became of a payout's transfer: sent, or refused with a code."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payouts import HANDED_OVER, Payout, PayoutStatus
from db.stores.money.ledger import entered_cents, post
from domain import ledger
from domain.bank_orders import BANK_NOT_CONFIGURED
from domain.payees import Hold
from domain.payout_steps import INTERRUPTED, RecordRefusal, RecordTransfer
from domain.payouts import PROVIDER_UNAVAILABLE

LONGEST_CODE = 64
# Ours: nothing was sent, so that no attempt is over.
NOTHING_SENT = frozenset((PROVIDER_UNAVAILABLE, BANK_NOT_CONFIGURED, Hold.BANK_CHANGE_PENDING, INTERRUPTED))


class TransferConflictError(RuntimeError):
    """A payout already paid by one transfer was said to be paid by another: for people to look into."""


async def record_transfer(session: AsyncSession, message: RecordTransfer) -> None:
    """The payout is paid, and posted. Repeated, it changes nothing, whatever became of the transfer since.

    Raises `TransferConflictError` when another transfer has paid it, or the bank is to pay it.
    """
    sent = message.payout
    payout = await locked(session, sent.key)
    posting = ledger.transfer_sent(sent.key, message.transfer, sent.technician_id, sent.amount_cents)
    if payout.transfer != message.transfer and await entered_cents(session, posting.key, ledger.STRIPE):
        # Taken back meanwhile.
        return
    if payout.status is PayoutStatus.PAID:
        if payout.transfer != message.transfer:
            raise TransferConflictError(sent.key)
        return
    if payout.status is PayoutStatus.ORDERED:
        raise TransferConflictError(sent.key)
    payout.status, payout.transfer, payout.failure = PayoutStatus.PAID, message.transfer, None
    payout.attempts, payout.paid_at = max(payout.attempts, sent.attempt), message.at
    await post(session, posting, message.at)


async def record_refusal(session: AsyncSession, message: RecordRefusal) -> None:
    """The attempt is over: the next one has another number. Repeated, or after a success, no change. Where
    nobody could be asked nothing has ended: the same attempt goes on."""
    payout = await locked(session, message.payout.key)
    if payout.status in HANDED_OVER or payout.attempts >= message.payout.attempt:
        return
    if message.refusal in NOTHING_SENT:
        payout.failure = message.refusal
        return
    payout.status, payout.failure = PayoutStatus.FAILED, message.refusal[:LONGEST_CODE]
    payout.attempts = message.payout.attempt


async def locked(session: AsyncSession, key: str) -> Payout:
    """Nobody else changes it until the commit."""
    return (await session.scalars(select(Payout).where(Payout.key == key).with_for_update())).one()
