"""The runs of a month: opened under a key, numbered, finished."""

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payouts import HANDED_OVER, Payout, PayoutRun, Statement
from db.reads.claimable_gains import claimable_totals
from domain.errors import Refusal, Refused
from domain.payout_steps import FinishRun, OpenRun, RunOpened


async def open_run(session: AsyncSession, message: OpenRun) -> RunOpened:
    """Number the run and list its technicians: those with gains to claim or a payout of the month to send.

    A key already recorded is the same run: it keeps its number and its cut-off.
    Raises `Refused(INVALID_MONTH)` when that run was of another month.
    """
    request = message.request
    run = await session.scalar(select(PayoutRun).where(PayoutRun.key == request.key))
    if run is None:
        run = PayoutRun(
            key=request.key,
            month=request.month,
            n=await _next_number(session, request.month),
            cut_off=message.cut_off,
            reason_id=request.reason_id,
            actor_id=request.actor_id,
            technician_id=request.technician_id,
            started_at=message.at,
        )
        session.add(run)
        await session.flush()
    if run.month != request.month:
        raise Refused(Refusal.INVALID_MONTH, month=request.month, run_month=run.month)
    due = {total.technician_id for total in await claimable_totals(session, run.cut_off)}
    due |= await _technicians_unpaid(session, run.month)
    if request.technician_id is not None:
        due &= {request.technician_id}
    return RunOpened(n=run.n, cut_off=run.cut_off, technicians=tuple(sorted(due)))


async def finish_run(session: AsyncSession, message: FinishRun) -> None:
    """Repeated, it keeps the first time."""
    await session.execute(
        update(PayoutRun)
        .where(PayoutRun.key == message.key, PayoutRun.finished_at.is_(None))
        .values(finished_at=message.at)
    )


async def _next_number(session: AsyncSession, month: str) -> int:
    """Without a gap: one run of a month at a time, and a number taken twice is refused by its constraint."""
    last = await session.scalar(select(func.max(PayoutRun.n)).where(PayoutRun.month == month))
    return (last or 0) + 1


async def _technicians_unpaid(session: AsyncSession, month: str) -> set[str]:
    query = (
        select(Statement.technician_id)
        .join(Payout, Payout.key == Statement.key)
        .where(Statement.month == month, Payout.status.not_in(HANDED_OVER))
    )
    return set(await session.scalars(query))
