"""The ledger, summed. Balances are sums, never stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Uuid, case, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import CreditNote, Invoice, LedgerLine, LedgerTransaction
from db.models.payouts import Statement
from db.reads.views import ShownName

# What the keys of postings name.
INVOICE_IN_A_KEY = "F[0-9]{4}-[0-9]{6,}"
CREDIT_NOTE_IN_A_KEY = "A[0-9]{4}-[0-9]{6,}"
STATEMENT_IN_A_KEY = "payout:[0-9]{4}-[0-9]{2}:[^:]+:[0-9]+"
ID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


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
    return await _moved(session, LedgerLine.account, start, until)


async def moves_by_number(session: AsyncSession, start: datetime, until: datetime) -> list[AccountMoves]:
    """The same, all sub-accounts of an account together."""
    return await _moved(session, func.split_part(LedgerLine.account, ":", 1), start, until)


async def _moved(
    session: AsyncSession, account: Any, start: datetime | None, until: datetime
) -> list[AccountMoves]:
    rows = await session.execute(_sums(account, start, until))
    return [
        AccountMoves(name, int(opening), int(debit), int(credit)) for name, opening, debit, credit in rows
    ]


def _sums(account: Any, start: datetime | None, until: datetime) -> Select[str, int, int, int]:
    """By `account`: what it was before, its debit and its credit."""
    amount, at = LedgerLine.amount_cents, LedgerTransaction.at
    within = at >= start if start is not None else at.is_not(None)
    named = account.label("name")
    return (
        select(
            named,
            func.coalesce(func.sum(case((within, 0), else_=amount)), 0),
            func.coalesce(func.sum(amount).filter(within, amount > 0), 0),
            func.coalesce(-func.sum(amount).filter(within, amount < 0), 0),
        )
        .join(LedgerTransaction, LedgerTransaction.key == LedgerLine.transaction)
        .where(at < until)
        .group_by(named)
        .order_by(named)
    )


@dataclass(frozen=True)
class OwnerMoves:
    """A sub-account, and the name of whose it is; None for an account without, or whoever has no name."""

    moves: AccountMoves
    name: str | None


@dataclass(frozen=True)
class EntryLine:
    """A line of a posting on one account, with what it leads to: the ticket of its invoice, its credit note
    or its gain; the number of its statement. `name` is whose sub-account it is."""

    key: str
    at: datetime
    cents: int
    name: str | None
    ticket: str | None
    statement: str | None


async def moves_of_number(
    session: AsyncSession, number: str, start: datetime, until: datetime
) -> list[OwnerMoves]:
    """Of one account, each of its sub-accounts."""
    sums = _sums(LedgerLine.account, start, until).where(_is_of(number)).subquery()
    account, opening, debit, credit = sums.c
    rows = await session.execute(
        select(account, opening, debit, credit, _owner_of(account)).order_by(account)
    )
    return [OwnerMoves(AccountMoves(row[0], int(row[1]), int(row[2]), int(row[3])), row[4]) for row in rows]


async def entries_of_number(
    session: AsyncSession, number: str, start: datetime, until: datetime, *, limit: int, skip: int
) -> list[EntryLine]:
    """Of one account with its sub-accounts, oldest first."""
    key = LedgerTransaction.key
    credited = (
        select(CreditNote.invoice)
        .where(CreditNote.number == func.substring(key, CREDIT_NOTE_IN_A_KEY))
        .scalar_subquery()
    )
    billed = func.coalesce(func.substring(key, INVOICE_IN_A_KEY), credited)
    of_invoice = select(Invoice.ticket).where(Invoice.number == billed).scalar_subquery()
    ticket = case((key.startswith("gain:"), func.split_part(key, ":", 2)), else_=of_invoice)
    statement = (
        select(Statement.number)
        .where(Statement.key == func.substring(key, STATEMENT_IN_A_KEY))
        .scalar_subquery()
    )
    rows = await session.execute(
        select(
            key,
            LedgerTransaction.at,
            LedgerLine.amount_cents,
            _owner_of(LedgerLine.account),
            ticket,
            statement,
        )
        .join(LedgerLine, LedgerLine.transaction == key)
        .where(LedgerTransaction.at >= start, LedgerTransaction.at < until, _is_of(number))
        .order_by(LedgerTransaction.at, key, LedgerLine.line)
        .limit(limit)
        .offset(skip)
    )
    return [EntryLine(*row) for row in rows]


async def first_posting_at(session: AsyncSession) -> datetime | None:
    return await session.scalar(select(func.min(LedgerTransaction.at)))


def _is_of(number: str) -> ColumnElement[bool]:
    return or_(LedgerLine.account == number, LedgerLine.account.startswith(f"{number}:"))


def _owner_of(account: Any) -> Any:
    """The name of whose sub-account it is, by the index of names."""
    auxiliary = func.split_part(account, ":", 2)
    owner = case((auxiliary.regexp_match(ID), cast(auxiliary, Uuid)))
    return select(ShownName.name).where(ShownName.id == owner).scalar_subquery()
