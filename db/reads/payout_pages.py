"""The payouts of a month for finance: each line with the name of whom it is about, in few questions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.contests import StatementContest
from db.models.money import Gain
from db.models.payouts import HANDED_OVER, GainClaim, Payout, PayoutRun, Statement
from db.models.tickets import Submission
from db.reads.claimable_gains import ClaimableTotal, unclaimed, unclaimed_totals
from db.reads.payees import PayeeFile, payee_files
from db.reads.payout_previews import TechnicianDue, due_of
from db.reads.people import shown_name_of
from db.reads.views import ShownName
from domain.contests import ContestOutcome
from domain.opening_hours import PARIS
from domain.payouts import Month


@dataclass(frozen=True)
class AskedRun:
    """`by` is the name of the colleague who asked for it, None where nobody did."""

    run: PayoutRun
    reason: str | None
    by: str | None


@dataclass(frozen=True)
class StatementPaid:
    """A statement, its transfer, and where its contest stands: `contested_at` is None for one without,
    `outcome` until it is answered."""

    statement: Statement
    payout: Payout
    technician: str
    gains: int
    contested_at: datetime | None
    outcome: ContestOutcome | None


@dataclass(frozen=True)
class Due:
    """What a run would do for a technician, and what is known of them."""

    due: TechnicianDue[StatementPaid]
    file: PayeeFile


@dataclass(frozen=True)
class DueLine:
    """`corrects` is the number of the statement that the gain corrects, after a contest."""

    gain: Gain
    corrects: str | None


async def asked_runs(session: AsyncSession, month: str) -> list[AskedRun]:
    """Oldest first."""
    by = select(ShownName.name).where(cast(ShownName.id, Text) == PayoutRun.actor_id).scalar_subquery()
    rows = await session.execute(
        select(PayoutRun, Submission.body["reason"].astext, by)
        .outerjoin(Submission, Submission.id == PayoutRun.reason_id)
        .where(PayoutRun.month == month)
        .order_by(PayoutRun.n)
    )
    return [AskedRun(*row) for row in rows]


async def statements_paid(
    session: AsyncSession, month: str, *, technician_id: str | None = None, unpaid: bool = False
) -> list[StatementPaid]:
    """Of one technician, or of all by their names; all, or those that are neither paid nor with the bank."""
    name = shown_name_of(Statement.technician_id)
    gains = (
        select(func.count())
        .select_from(GainClaim)
        .where(GainClaim.statement == Statement.key)
        .scalar_subquery()
    )
    query = (
        select(Statement, Payout, name, gains, StatementContest.asked_at, StatementContest.outcome)
        .join(Payout, Payout.key == Statement.key)
        .outerjoin(StatementContest, StatementContest.statement == Statement.number)
        .where(Statement.month == month)
        .order_by(name, Statement.technician_id, Statement.n)
    )
    if technician_id is not None:
        query = query.where(Statement.technician_id == technician_id)
    if unpaid:
        query = query.where(Payout.status.not_in(HANDED_OVER))
    return [
        StatementPaid(statement, payout, shown or "", count, at, outcome)
        for statement, payout, shown, count, at, outcome in await session.execute(query)
    ]


async def dues_of_month(session: AsyncSession, month: Month, until: datetime, now: datetime) -> list[Due]:
    """What a run would do now, by the names of technicians."""
    totals = await unclaimed_totals(session, until)
    unpaid = await statements_paid(session, str(month), unpaid=True)
    concerned = {one.technician_id for one in totals} | {one.statement.technician_id for one in unpaid}
    files = await payee_files(session, concerned)
    standings = {technician: file.standing for technician, file in files.items()}
    found = due_of(totals, unpaid, standings, now.astimezone(PARIS).date())
    return sorted(
        (Due(one, files[one.technician_id]) for one in found),
        key=lambda one: (one.file.name, one.due.technician_id),
    )


async def due_of_technician(
    session: AsyncSession, month: Month, until: datetime, now: datetime, technician_id: str
) -> tuple[Due, list[DueLine]] | None:
    """The same for one, with the lines of what would be their statement. None where there is none."""
    lines = await _lines_due(session, until, technician_id)
    unpaid = await statements_paid(session, str(month), technician_id=technician_id, unpaid=True)
    file = (await payee_files(session, [technician_id])).get(technician_id)
    if file is None:
        return None
    total = ClaimableTotal(technician_id, len(lines), sum(line.gain.amount_cents for line in lines))
    [found] = due_of([total], unpaid, {technician_id: file.standing}, now.astimezone(PARIS).date())
    return Due(found, file), lines


async def _lines_due(session: AsyncSession, until: datetime, technician_id: str) -> list[DueLine]:
    """Oldest first."""
    query = (
        unclaimed(until)
        .add_columns(StatementContest.statement)
        .outerjoin(StatementContest, StatementContest.gain_id == Gain.id)
        .where(Gain.technician_id == technician_id)
        .order_by(Gain.accepted_at, Gain.id)
    )
    return [DueLine(gain, corrects) for gain, corrects in await session.execute(query)]
