"""One statement, whole, for finance: its gains, its transfer, its contest, and what came back of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.contests import StatementContest
from db.models.money import Gain
from db.models.payouts import GainClaim, Payout, Statement
from db.models.reversals import ReversalRequest, TransferReversal
from db.models.tickets import Submission
from db.reads.contests import ContestFile, contest_files
from db.reads.gathered import Wanted, gather
from db.reads.payouts import StatementLine
from db.reads.people import shown_name_of


@dataclass(frozen=True)
class TakeBack:
    """Finance asked to take the transfer back: why, and the provider's code if it refused."""

    asked_at: datetime
    reason: str
    refusal: str | None


@dataclass(frozen=True)
class StatementFile:
    """`technician` is their name. `reversals` are parts of its transfers that are with us again."""

    line: StatementLine
    technician: str
    reversals: list[TransferReversal]
    take_backs: list[TakeBack]


async def statement_file(session: AsyncSession, number: str) -> StatementFile | None:
    """For who may see all statements. Three questions."""
    name = shown_name_of(Statement.technician_id)
    row = (
        await session.execute(
            contest_files()
            .add_columns(Payout, name)
            .join(Payout, Payout.key == Statement.key)
            .where(Statement.number == number)
        )
    ).one_or_none()
    if row is None:
        return None
    contest, text, answer, corrected, statement, payout, technician = row
    gains, corrects = await _gains(session, statement.key)
    file = ContestFile(contest, text, answer, corrected) if contest is not None else None
    line = StatementLine(statement, payout, gains, corrects, file)
    asked = select(ReversalRequest.reason_id).where(ReversalRequest.payout == statement.key)
    found = await gather(
        session,
        Wanted(TransferReversal, TransferReversal.payout == statement.key, (TransferReversal.at,)),
        Wanted(ReversalRequest, ReversalRequest.payout == statement.key, (ReversalRequest.asked_at,)),
        Wanted(Submission, Submission.id.in_(asked), (Submission.id,)),
    )
    reasons = {one.id: str(one.body.get("reason", "")) for one in found.of(Submission)}
    return StatementFile(
        line,
        technician or "",
        found.of(TransferReversal),
        [
            TakeBack(one.asked_at, reasons.get(one.reason_id, ""), one.refusal)
            for one in found.of(ReversalRequest)
        ],
    )


async def _gains(session: AsyncSession, key: str) -> tuple[list[Gain], dict[str, str]]:
    """Oldest first; and the number of the statement that each corrects, if it does."""
    rows = await session.execute(
        select(Gain, StatementContest.statement)
        .join(GainClaim, GainClaim.gain_id == Gain.id)
        .outerjoin(StatementContest, StatementContest.gain_id == Gain.id)
        .where(GainClaim.statement == key)
        .order_by(Gain.accepted_at, Gain.id)
    )
    found = [(gain, corrects) for gain, corrects in rows]
    return [gain for gain, _ in found], {gain.id: number for gain, number in found if number is not None}
