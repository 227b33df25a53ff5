"""What became of a payout's transfer: sent, or refused with a code."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payouts import Payout, PayoutStatus
from db.stores.money.ledger import post
from domain import ledger
from domain.payout_steps import RecordRefusal, RecordTransfer
from domain.payouts import PROVIDER_UNAVAILABLE

LONGEST_CODE = 64


class TransferConflictError(RuntimeError):
    """A payout already paid by one transfer was said to be paid by another: for people to look into."""


async def record_transfer(session: AsyncSession, message: RecordTransfer) -> None:
    """The payout is paid, and posted. Repeated, it changes nothing.

    Raises `TransferConflictError` when another transfer has paid it.
    """
    sent = message.payout
    payout = await _locked(session, sent.key)
    if payout.status is PayoutStatus.PAID:
        if payout.transfer != message.transfer:
            raise TransferConflictError(sent.key)
        return
    payout.status, payout.transfer, payout.failure = PayoutStatus.PAID, message.transfer, None
    payout.attempts, payout.paid_at = max(payout.attempts, sent.attempt), message.at
    await post(session, ledger.transfer_sent(sent.key, sent.technician_id, sent.amount_cents), message.at)


async def record_refusal(session: AsyncSession, message: RecordRefusal) -> None:
    """The attempt is over: the next one has another number. Repeated, or after a success, no change. A
    provider that could not be asked has ended nothing: the same attempt goes on."""
    payout = await _locked(session, message.payout.key)
    if payout.status is PayoutStatus.PAID or payout.attempts >= message.payout.attempt:
        return
    if message.refusal == PROVIDER_UNAVAILABLE:
        payout.failure = message.refusal
        return
    payout.status, payout.failure = PayoutStatus.FAILED, message.refusal[:LONGEST_CODE]
    payout.attempts = message.payout.attempt


async def _locked(session: AsyncSession, key: str) -> Payout:
    return (await session.scalars(select(Payout).where(Payout.key == key).with_for_update())).one()
