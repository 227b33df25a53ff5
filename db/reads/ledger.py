"""The ledger, summed."""

from dataclasses import dataclass

from sqlalchemy import func, select
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
