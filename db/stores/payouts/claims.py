"""The claim: gains bound to a statement for ever, and the payout that will pay it."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Gain
from db.models.payouts import GainClaim, Payout, PayoutStatus, Statement, StatementCounter
from db.models.people import Technician
from db.reads.claimable_gains import unclaimed
from db.stores.money.ledger import post
from domain import ledger
from domain.ids import payout_key
from domain.payout_steps import ACCOUNT_MISSING, Claim, Claimed, PayoutToSend, TechnicianOrder


async def claim(session: AsyncSession, message: Claim) -> Claimed:
    """Claim what is claimable, and list all payouts of the month that are not paid, oldest first.

    Claims of one technician come one after the other, whatever the month: each locks the technician's
    counter, and looks for gains only then. Repeated, it finds nothing new and gives the same list.
    """
    order = message.order
    account = await session.scalar(
        select(Technician.account_reference).where(Technician.id == order.technician_id)
    )
    if account is None:
        return Claimed(payouts=(), failure=ACCOUNT_MISSING)
    counter = await _locked_counter(session, order.technician_id)
    await _issue(session, message, counter)
    return Claimed(payouts=await _to_send(session, order, account))


async def _locked_counter(session: AsyncSession, technician_id: str) -> StatementCounter:
    await session.execute(
        insert(StatementCounter).values(technician_id=technician_id, last=0).on_conflict_do_nothing()
    )
    return await session.get_one(StatementCounter, technician_id, with_for_update=True)


async def _issue(session: AsyncSession, message: Claim, counter: StatementCounter) -> None:
    """The statement, its gains, its payout and its posting; nothing when the total is not positive."""
    order = message.order
    mine = unclaimed(order.cut_off).where(Gain.technician_id == order.technician_id).order_by(Gain.id)
    gains = list(await session.scalars(mine))
    total_cents = sum(gain.amount_cents for gain in gains)
    if total_cents <= 0:
        return
    counter.last += 1
    n = await _next_number(session, order)
    key = payout_key(order.month, order.technician_id, n)
    statement = Statement(
        key=key,
        technician_id=order.technician_id,
        month=order.month,
        n=n,
        sequence=counter.last,
        total_cents=total_cents,
        cut_off=order.cut_off,
        issued_at=message.at,
    )
    session.add(statement)
    await session.flush()
    session.add_all(GainClaim(gain_id=gain.id, statement=key) for gain in gains)
    session.add(Payout(key=key, status=PayoutStatus.TO_SEND))
    await session.flush()
    await post(session, ledger.statement_issued(key, order.technician_id, total_cents), message.at)


async def _next_number(session: AsyncSession, order: TechnicianOrder) -> int:
    query = select(func.max(Statement.n)).where(
        Statement.month == order.month, Statement.technician_id == order.technician_id
    )
    return (await session.scalar(query) or 0) + 1


async def _to_send(session: AsyncSession, order: TechnicianOrder, account: str) -> tuple[PayoutToSend, ...]:
    query = (
        select(Payout, Statement)
        .join(Statement, Statement.key == Payout.key)
        .where(
            Statement.month == order.month,
            Statement.technician_id == order.technician_id,
            Payout.status != PayoutStatus.PAID,
        )
        .order_by(Statement.n)
    )
    return tuple(
        PayoutToSend(
            key=payout.key,
            technician_id=order.technician_id,
            amount_cents=statement.total_cents,
            account=account,
            attempt=payout.attempts + 1,
        )
        for payout, statement in await session.execute(query)
    )
