"""The payouts of a month and those of a technician: runs, statements, the gains they pay, transfers."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.contests import StatementContest
from db.models.money import Gain
from db.models.payouts import HANDED_OVER, GainClaim, Payout, PayoutRun, Statement
from db.models.tickets import Submission
from db.reads.contests import ContestFile, contests_of
from db.reads.people import KnownPerson
from db.reads.relations import statements_of


@dataclass(frozen=True)
class RunLine:
    """`reason` is what was written when the run was asked, if anything."""

    run: PayoutRun
    reason: str | None


@dataclass(frozen=True)
class StatementLine:
    """`corrects` maps those of its gains that correct another statement to the number of that one."""

    statement: Statement
    payout: Payout
    gains: list[Gain]
    corrects: dict[str, str]
    contest: ContestFile | None


async def runs_of(session: AsyncSession, month: str) -> list[RunLine]:
    rows = await session.execute(_runs().where(PayoutRun.month == month).order_by(PayoutRun.n))
    return [RunLine(run, reason) for run, reason in rows]


async def run_of_key(session: AsyncSession, key: str) -> RunLine | None:
    row = (await session.execute(_runs().where(PayoutRun.key == key))).one_or_none()
    return RunLine(*row) if row is not None else None


def _runs() -> Select[PayoutRun, str | None]:
    reason = Submission.body["reason"].astext
    return select(PayoutRun, reason).outerjoin(Submission, Submission.id == PayoutRun.reason_id)


async def statements_of_month(
    session: AsyncSession, month: str, *, unpaid: bool = False
) -> list[StatementLine]:
    """All, or those that are still to be sent: neither paid nor with the bank."""
    query = (
        select(Statement, Payout)
        .join(Payout, Payout.key == Statement.key)
        .where(Statement.month == month)
        .order_by(Statement.technician_id, Statement.n)
    )
    if unpaid:
        query = query.where(Payout.status.not_in(HANDED_OVER))
    rows = [(statement, payout) for statement, payout in await session.execute(query)]
    return await _with_gains(session, rows)


async def find_statement(session: AsyncSession, number: str, person: KnownPerson) -> StatementLine | None:
    """None when there is none, or none that this person may see: the two must look the same."""
    query = (
        select(Statement, Payout)
        .join(Payout, Payout.key == Statement.key)
        .where(Statement.number == number, statements_of(person))
    )
    row = (await session.execute(query)).one_or_none()
    return (await _with_gains(session, [(row[0], row[1])]))[0] if row is not None else None


async def statements_of_technician(
    session: AsyncSession, technician_id: str, *, before: int | None, limit: int
) -> list[StatementLine]:
    """Newest first; `before` is a sequence number of the technician's own series."""
    query = (
        select(Statement, Payout)
        .join(Payout, Payout.key == Statement.key)
        .where(Statement.technician_id == technician_id)
        .order_by(Statement.sequence.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Statement.sequence < before)
    rows = [(statement, payout) for statement, payout in await session.execute(query)]
    return await _with_gains(session, rows)


async def _with_gains(session: AsyncSession, rows: list[tuple[Statement, Payout]]) -> list[StatementLine]:
    gains: dict[str, list[Gain]] = {statement.key: [] for statement, _ in rows}
    corrects: dict[str, dict[str, str]] = {key: {} for key in gains}
    claimed = await session.execute(
        select(GainClaim.statement, Gain, StatementContest.statement)
        .join(Gain, Gain.id == GainClaim.gain_id)
        .outerjoin(StatementContest, StatementContest.gain_id == Gain.id)
        .where(GainClaim.statement.in_(gains))
        .order_by(Gain.accepted_at, Gain.id)
    )
    for key, gain, corrected in claimed:
        gains[key].append(gain)
        if corrected is not None:
            corrects[key][gain.id] = corrected
    contests = await contests_of(session, [statement.number for statement, _ in rows])
    return [
        StatementLine(
            statement,
            payout,
            gains[statement.key],
            corrects[statement.key],
            contests.get(statement.number),
        )
        for statement, payout in rows
    ]
