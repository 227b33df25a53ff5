"""The ledger, summed. Balances are sums, never stored."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import LedgerLine, LedgerTransaction


@dataclass(frozen=True)
class TrialBalance:
    """`accounts` maps each account to its sum in cents, debit positive."""

    transactions: int
    accounts: dict[str, int]


async def trial_balance(session: AsyncSession) -> TrialBalance:
    transactions = await session.scalar(select(func.count()).select_from(LedgerTransaction))
    rows = await session.execute(
        select(LedgerLine.account, func.sum(LedgerLine.amount_cents))
        .group_by(LedgerLine.account)
        .order_by(LedgerLine.account)
    )
    return TrialBalance(transactions or 0, {account: int(cents) for account, cents in rows})


@dataclass(frozen=True)
class AccountMoves:
    """An account over a period, in cents. `opening_cents` and the balance are debit positive; `debit_cents`
    and `credit_cents`, of the period alone, are both positive."""

    account: str
    opening_cents: int
    debit_cents: int
    credit_cents: int

    @property
    def balance_cents(self) -> int:
        return self.opening_cents + self.debit_cents - self.credit_cents


async def moves_between(session: AsyncSession, start: datetime | None, until: datetime) -> list[AccountMoves]:
    """Every account that has moved before `until`, by business time; from the very beginning without a
    `start`."""
    amount, at = LedgerLine.amount_cents, LedgerTransaction.at
    within = at >= start if start is not None else at.is_not(None)
    rows = await session.execute(
        select(
            LedgerLine.account,
            func.coalesce(func.sum(case((within, 0), else_=amount)), 0),
            func.coalesce(func.sum(amount).filter(within, amount > 0), 0),
            func.coalesce(-func.sum(amount).filter(within, amount < 0), 0),
        )
        .join(LedgerTransaction, LedgerTransaction.key == LedgerLine.transaction)
        .where(at < until)
        .group_by(LedgerLine.account)
        .order_by(LedgerLine.account)
    )
    return [
        AccountMoves(account, int(opening), int(debit), int(credit))
        for account, opening, debit, credit in rows
    ]
