"""What a technician earned, and what became of it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.contests import StatementContest
from db.models.money import Gain
from db.models.payouts import GainClaim, Payout, PayoutStatus, Statement
from db.reads.held import Holding, why_held


@dataclass(frozen=True)
class GainLine:
    """`statement`, and its `number`, are None while no payout run has claimed the gain; `payout` is that of
    the statement. `held` tells why none will, for now. `corrects` is the number of the statement that it
    corrects, after a contest. `failure` is why its payout is not paid."""

    gain: Gain
    statement: str | None
    number: str | None
    payout: PayoutStatus | None
    held: Holding | None
    failure: str | None
    corrects: str | None


async def gains_of(session: AsyncSession, technician_id: str, month: str) -> list[GainLine]:
    """Those accepted in that month (`YYYY-MM`, Paris), oldest first."""
    rows = await session.execute(
        select(
            Gain,
            GainClaim.statement,
            Statement.number,
            Payout.status,
            Payout.failure,
            why_held(),
            StatementContest.statement,
        )
        .outerjoin(GainClaim, GainClaim.gain_id == Gain.id)
        .outerjoin(Statement, Statement.key == GainClaim.statement)
        .outerjoin(Payout, Payout.key == GainClaim.statement)
        .outerjoin(StatementContest, StatementContest.gain_id == Gain.id)
        .where(Gain.technician_id == technician_id, Gain.month == month)
        .order_by(Gain.accepted_at, Gain.id)
    )
    return [
        GainLine(
            gain,
            statement,
            number,
            payout,
            held=Holding(held) if held is not None and statement is None else None,
            failure=failure,
            corrects=corrects,
        )
        for gain, statement, number, payout, failure, held, corrects in rows
    ]
