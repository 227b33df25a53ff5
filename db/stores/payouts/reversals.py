"""Transfers taken back, brought home: to the payout and to the ledger; and finance's own request for one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payouts import HANDED_OVER, Payout, PayoutStatus, Statement
from db.models.reversals import ReversalRequest, TransferReversal
from db.stores.money.ledger import entered_cents, post
from db.stores.payouts.transfers import LONGEST_CODE, locked
from domain import ledger
from domain.errors import Refusal, Refused
from domain.payees import Rail
from domain.reversals import TRANSFER_REVERSED, LookAtTransfers, SentTransfer, TakeBack


async def record_seen(session: AsyncSession, message: LookAtTransfers, found: Sequence[SentTransfer]) -> None:
    """What the provider says of a payout's transfers: each reversal is posted once, and a transfer of which
    nothing is left pays no more. An older answer, or the same again, changes nothing. A payout that is not
    ours is left alone."""
    payout = await session.get(Payout, message.payout, with_for_update=True)
    if payout is None:
        return
    statement = await session.get_one(Statement, payout.key)
    for one in found:
        if one.reversals:
            await _record(session, payout, statement, one, message.at)


async def _record(
    session: AsyncSession, payout: Payout, statement: Statement, sent: SentTransfer, at: datetime
) -> None:
    await _enter_sending(session, payout, statement, sent, at)
    for one in sent.reversals:
        if await session.get(TransferReversal, one.reference) is not None:
            continue
        session.add(
            TransferReversal(
                reference=one.reference,
                payout=payout.key,
                transfer=sent.reference,
                amount_cents=one.amount_cents,
                at=at,
            )
        )
        posting = ledger.transfer_reversed(
            payout.key, one.reference, statement.technician_id, one.amount_cents
        )
        await post(session, posting, at)
    if payout.transfer == sent.reference and await _reversed_cents(session, sent) >= sent.amount_cents:
        payout.status, payout.failure = PayoutStatus.FAILED, TRANSFER_REVERSED
        payout.transfer = payout.paid_at = None


async def _enter_sending(
    session: AsyncSession, payout: Payout, statement: Statement, sent: SentTransfer, at: datetime
) -> None:
    """Taken back before its sending was recorded: the run that sent it has lost the provider's answer, or is
    about to record it. It counts as the attempt that it was, so that the next one has another key."""
    posting = ledger.transfer_sent(payout.key, sent.reference, statement.technician_id, sent.amount_cents)
    if await entered_cents(session, posting.key, ledger.STRIPE):
        return
    await post(session, posting, at)
    if payout.status not in HANDED_OVER and sent.amount_cents == statement.due_cents:
        payout.status, payout.rail, payout.transfer = PayoutStatus.PAID, Rail.STRIPE, sent.reference
        payout.failure, payout.paid_at = None, at
        payout.attempts += 1


async def _reversed_cents(session: AsyncSession, sent: SentTransfer) -> int:
    """All that we ever heard of, for an older answer knows less."""
    query = select(func.sum(TransferReversal.amount_cents)).where(TransferReversal.transfer == sent.reference)
    return int(await session.scalar(query) or 0)


async def ask(session: AsyncSession, message: TakeBack) -> ReversalRequest:
    """Who wants which transfer back, and why: kept before the provider is asked. The same request again is
    that of the first time, whatever has paid the payout since.

    Raises `Refused(NOT_PAID_BY_PROVIDER)`.
    """
    payout = await locked(session, message.payout)
    known = await session.get(ReversalRequest, message.key)
    if known is not None:
        return known
    transfer = payout.standing_transfer
    if transfer is None:
        raise Refused(Refusal.NOT_PAID_BY_PROVIDER)
    refused = await session.scalar(
        select(func.count())
        .select_from(ReversalRequest)
        .where(
            ReversalRequest.payout == payout.key,
            ReversalRequest.attempt == payout.attempts,
            ReversalRequest.refusal.is_not(None),
        )
    )
    request = ReversalRequest(
        key=message.key,
        payout=payout.key,
        transfer=transfer,
        attempt=payout.attempts,
        n=(refused or 0) + 1,
        actor_id=message.asked.actor_id,
        reason_id=message.asked.reason_id,
        asked_at=message.at,
    )
    session.add(request)
    return request


async def record_refusal(session: AsyncSession, key: str, code: str) -> None:
    """Repeated, it keeps the first one."""
    await session.execute(
        update(ReversalRequest)
        .where(ReversalRequest.key == key, ReversalRequest.refusal.is_(None))
        .values(refusal=code[:LONGEST_CODE])
    )
