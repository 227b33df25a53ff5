"""Entering postings: once each. The database checks that they balance and lets none be changed."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import LedgerLine, LedgerTransaction
from domain.ledger import Posting


class PostingConflictError(RuntimeError):
    """A posting was entered before under this key with other lines."""


async def post(session: AsyncSession, posting: Posting, at: datetime) -> None:
    """Enter the posting; the same one again changes nothing. Lines of zero are left out, and with them a
    posting that has no others (a fee of nothing).

    Raises `PostingConflictError` when its key already has other lines.
    """
    lines = [(account, cents) for account, cents in posting.lines if cents]
    if not lines:
        return
    if await session.get(LedgerTransaction, posting.key):
        known = await session.execute(
            select(LedgerLine.account, LedgerLine.amount_cents)
            .where(LedgerLine.transaction == posting.key)
            .order_by(LedgerLine.line)
        )
        if [tuple(row) for row in known] != lines:
            raise PostingConflictError(posting.key)
        return
    session.add(LedgerTransaction(key=posting.key, at=at))
    await session.flush()
    session.add_all(
        LedgerLine(transaction=posting.key, line=number, account=account, amount_cents=cents)
        for number, (account, cents) in enumerate(lines, start=1)
    )


async def entered_cents(session: AsyncSession, key: str, account: str) -> int:
    """What the posting of that key has entered on an account; 0 for one that was never entered."""
    cents = await session.scalar(
        select(func.coalesce(func.sum(LedgerLine.amount_cents), 0)).where(
            LedgerLine.transaction == key, LedgerLine.account == account
        )
    )
    return int(cents or 0)
