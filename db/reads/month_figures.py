"""What finance sees of a month first: what was billed and collected each day, what became of its gains, and
what waits for somebody."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Date, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.bank import BankOrder
from db.models.contests import StatementContest
from db.models.invariants import InvariantCheck
from db.models.money import Gain, LedgerLine, LedgerTransaction
from db.models.payees import Payee
from db.models.payouts import GainClaim, Payout, PayoutRun, PayoutStatus, Statement
from db.reads.held import is_held
from domain.bank_orders import OrderState
from domain.chart_of_accounts import kind_of
from domain.month_close import CLIENTS, Figures, Movement, figures
from domain.opening_hours import PARIS


@dataclass(frozen=True)
class GainSum:
    gains: int = 0
    cents: int = 0

    def __add__(self, other: "GainSum") -> "GainSum":
        return GainSum(self.gains + other.gains, self.cents + other.cents)


@dataclass(frozen=True)
class MonthGains:
    """The gains accepted in a month, VAT excluded: without a statement, and then free or held; on a statement
    that is not paid yet; paid."""

    payable: GainSum = GainSum()
    held: GainSum = GainSum()
    claimed: GainSum = GainSum()
    paid: GainSum = GainSum()


@dataclass(frozen=True)
class StatementSum:
    """Statements in one state, and what is transferred for them."""

    statements: int = 0
    cents: int = 0


@dataclass(frozen=True)
class Standing:
    """Where the payouts of a month stand: its runs, the last of which is `open`, and its statements by the
    state of their transfer. And what waits for somebody whatever the month: statements that are refused, the
    oldest of them of `refused_in`; contests without an answer; changes of bank to be confirmed; transfers
    that the bank has not told of; invariants that did not hold at the last look."""

    runs: int
    is_open: bool
    statements: dict[PayoutStatus, StatementSum] = field(default_factory=dict)
    refused: int = 0
    refused_in: str | None = None
    contests: int = 0
    bank_changes: int = 0
    at_the_bank: int = 0
    broken: int = 0

    def of(self, status: PayoutStatus) -> StatementSum:
        return self.statements.get(status, StatementSum())


async def figures_by_day(session: AsyncSession, start: datetime, until: datetime) -> dict[date, Figures]:
    """Of each day, Paris time, on which anything moved on the clients' account."""
    day = cast(func.timezone(PARIS.key, LedgerTransaction.at), Date).label("day")
    kind = func.split_part(LedgerLine.transaction, ":", 1).label("kind")
    amount = LedgerLine.amount_cents
    rows = await session.execute(
        select(
            day,
            kind,
            func.coalesce(func.sum(amount).filter(amount > 0), 0),
            func.coalesce(-func.sum(amount).filter(amount < 0), 0),
        )
        .join(LedgerTransaction, LedgerTransaction.key == LedgerLine.transaction)
        .where(
            LedgerTransaction.at >= start,
            LedgerTransaction.at < until,
            func.split_part(LedgerLine.account, ":", 1) == CLIENTS,
        )
        .group_by(day, kind)
    )
    moved: defaultdict[date, list[Movement]] = defaultdict(list)
    for at, name, debit, credit in rows:
        moved[at].append(Movement(kind_of(name), CLIENTS, 0, int(debit), int(credit)))
    return {at: figures(moved[at]) for at in sorted(moved)}


async def gains_of_month(session: AsyncSession, month: str) -> MonthGains:
    """Those accepted in that month (`YYYY-MM`, Paris), whoever earned them."""
    state = case(
        (Payout.status == PayoutStatus.PAID, "paid"),
        (GainClaim.gain_id.is_not(None), "claimed"),
        (is_held(), "held"),
        else_="payable",
    ).label("state")
    each = (
        select(state, Gain.amount_cents)
        .outerjoin(GainClaim, GainClaim.gain_id == Gain.id)
        .outerjoin(Payout, Payout.key == GainClaim.statement)
        .where(Gain.month == month)
        .subquery()
    )
    rows = await session.execute(
        select(each.c.state, func.count(), func.sum(each.c.amount_cents)).group_by(each.c.state)
    )
    return MonthGains(**{found: GainSum(count, int(cents)) for found, count, cents in rows})


async def standing_of_month(session: AsyncSession, month: str) -> Standing:
    """One question of many counts."""
    in_month = select(func.count()).select_from(Statement).join(Payout, Payout.key == Statement.key)
    cents = select(func.coalesce(func.sum(Statement.total_cents + Statement.vat_cents), 0)).join(
        Payout, Payout.key == Statement.key
    )
    of_month = PayoutRun.month == month
    looked_at = select(func.max(InvariantCheck.at)).scalar_subquery()
    states = tuple(PayoutStatus)
    row = (
        await session.execute(
            select(
                *(
                    asked.where(Statement.month == month, Payout.status == state).scalar_subquery()
                    for state in states
                    for asked in (in_month, cents)
                ),
                select(func.count()).where(of_month).scalar_subquery(),
                select(func.count()).where(of_month, PayoutRun.finished_at.is_(None)).scalar_subquery(),
                select(func.count()).where(Payout.status == PayoutStatus.FAILED).scalar_subquery(),
                select(func.min(Statement.month))
                .join(Payout, Payout.key == Statement.key)
                .where(Payout.status == PayoutStatus.FAILED)
                .scalar_subquery(),
                select(func.count()).where(StatementContest.answered_at.is_(None)).scalar_subquery(),
                select(func.count()).where(Payee.wanted_at.is_not(None)).scalar_subquery(),
                select(func.count()).where(BankOrder.state == OrderState.ORDERED).scalar_subquery(),
                select(func.count())
                .where(InvariantCheck.at == looked_at, ~InvariantCheck.ok)
                .scalar_subquery(),
            )
        )
    ).one()
    statements = {
        state: StatementSum(row[2 * place], int(row[2 * place + 1])) for place, state in enumerate(states)
    }
    runs, open_runs, *counts = row[2 * len(states) :]
    return Standing(runs, open_runs > 0, statements, *counts)
