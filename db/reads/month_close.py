"""What the close of a month is made of: the ledger's sums, and what is open at its end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chargebacks import Chargeback
from db.models.money import CreditNote, Gain, Invoice, LedgerLine, LedgerTransaction, TariffVersion
from db.models.payouts import GainClaim, Statement
from db.models.refunds import RefundCase
from db.models.tickets import JournalEntry, Report, Ticket
from domain.chart_of_accounts import kind_of
from domain.month_close import CLIENTS, MonthClose, Movement, OpenInvoice, Unpaid, by_age, close, closes_at
from domain.payouts import Month
from domain.tickets import Command, Status

BILLED_SESSION = 1


@dataclass(frozen=True)
class Held:
    """Gains that no statement has and none may take: their ticket is suspended, its refund is looked at, or
    a bank is taking its payment back. As `db.reads.held`, at a moment of the past."""

    gains: int
    cents: int


@dataclass(frozen=True)
class Suspended:
    """Suspended tickets; `would_bring_ttc_cents` is what their reports would bill if they were ruled so, of
    which `without_report` tell nothing. One that has its invoice, or that the client withdrew from, brings
    nothing more."""

    tickets: int
    without_report: int
    would_bring_ttc_cents: int


@dataclass(frozen=True)
class Receivables:
    """Account 411 taken apart: what clients owe by age, what we owe clients, and what no invoice is named
    for. They come to its balance."""

    unpaid: list[Unpaid]
    owed_to_clients_cents: int
    unattributed_cents: int


@dataclass(frozen=True)
class ClosedMonth:
    close: MonthClose
    receivables: Receivables
    held: Held
    suspended: Suspended


async def closed_month(session: AsyncSession, month: Month, now: datetime) -> ClosedMonth:
    """In a session that has not begun: all of it is read of one moment, so that the figures agree.
    Raises `Refused(FUTURE_MONTH)`."""
    until, provisional = closes_at(month, now)
    await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return ClosedMonth(
        close=close(month, until, provisional, await _movements(session, month.start, until)),
        receivables=await receivables(session, until),
        held=await _held(session, until),
        suspended=await _suspended(session, until),
    )


async def _movements(session: AsyncSession, start: datetime, until: datetime) -> list[Movement]:
    kind, account = (
        func.split_part(LedgerLine.transaction, ":", 1),
        func.split_part(LedgerLine.account, ":", 1),
    )
    amount, within = LedgerLine.amount_cents, LedgerTransaction.at >= start
    rows = await session.execute(
        select(
            kind,
            account,
            func.coalesce(func.sum(case((within, 0), else_=amount)), 0),
            func.coalesce(func.sum(amount).filter(within, amount > 0), 0),
            func.coalesce(-func.sum(amount).filter(within, amount < 0), 0),
        )
        .join(LedgerTransaction, LedgerTransaction.key == LedgerLine.transaction)
        .where(LedgerTransaction.at < until)
        .group_by(kind, account)
    )
    return [
        Movement(kind_of(kind), account, int(before), int(debit), int(credit))
        for kind, account, before, debit, credit in rows
    ]


async def receivables(session: AsyncSession, until: datetime) -> Receivables:
    """What clients owe then. Each posting on 411 names its invoice in its key, or a credit note of it."""
    number = func.coalesce(CreditNote.invoice, func.substring(LedgerTransaction.key, "F[0-9]{4}-[0-9]{6,}"))
    left = (
        select(number.label("number"), func.sum(LedgerLine.amount_cents).label("cents"))
        .join(LedgerTransaction, LedgerTransaction.key == LedgerLine.transaction)
        .outerjoin(
            CreditNote,
            CreditNote.number == func.substring(LedgerTransaction.key, "A[0-9]{4}-[0-9]{6,}"),
        )
        .where(LedgerTransaction.at < until, func.split_part(LedgerLine.account, ":", 1) == CLIENTS)
        .group_by(number)
        .having(func.sum(LedgerLine.amount_cents) != 0)
        .subquery()
    )
    rows = await session.execute(
        select(Invoice.issued_at, left.c.cents).outerjoin_from(left, Invoice, Invoice.number == left.c.number)
    )
    found = [(issued_at, int(cents)) for issued_at, cents in rows]
    opened = [OpenInvoice(issued_at, cents) for issued_at, cents in found if issued_at is not None]
    return Receivables(
        unpaid=by_age(opened, until),
        owed_to_clients_cents=-sum(one.left_cents for one in opened if one.left_cents < 0),
        unattributed_cents=sum(cents for issued_at, cents in found if issued_at is None),
    )


def _suspended_at(until: datetime) -> Select[str]:
    """Tickets by what the journal says, so that a month once over is the same whenever it is asked for: the
    last act before `until` that brought a ticket into suspension or out of it left it there."""
    last = (
        select(JournalEntry.ticket, JournalEntry.after)
        .where(
            JournalEntry.at < until,
            or_(JournalEntry.before == Status.SUSPENDED, JournalEntry.after == Status.SUSPENDED),
        )
        .ext(distinct_on(JournalEntry.ticket))
        .order_by(
            JournalEntry.ticket,
            JournalEntry.at.desc(),
            JournalEntry.recorded_at.desc(),
            JournalEntry.id.desc(),
        )
        .subquery()
    )
    return select(last.c.ticket).where(last.c.after == Status.SUSPENDED)


def _is_held_at(until: datetime) -> ColumnElement[bool]:
    """Of the `Gain` in the query."""
    asked_back = exists().where(
        RefundCase.ticket == Gain.ticket,
        RefundCase.opened_at < until,
        or_(RefundCase.ruled_at.is_(None), RefundCase.ruled_at >= until),
    )
    taken_back = exists().where(
        Chargeback.ticket == Gain.ticket,
        Chargeback.opened_at < until,
        or_(Chargeback.closed_at.is_(None), Chargeback.closed_at >= until),
    )
    return or_(Gain.ticket.in_(_suspended_at(until)), asked_back, taken_back)


async def _held(session: AsyncSession, until: datetime) -> Held:
    claimed = exists().where(
        GainClaim.gain_id == Gain.id, Statement.key == GainClaim.statement, Statement.issued_at < until
    )
    gains, cents = (
        await session.execute(
            select(func.count(), func.coalesce(func.sum(Gain.amount_cents), 0)).where(
                Gain.accepted_at < until, _is_held_at(until), ~claimed
            )
        )
    ).one()
    return Held(gains, int(cents))


async def _suspended(session: AsyncSession, until: datetime) -> Suspended:
    invoiced = exists().where(Invoice.ticket == Ticket.number, Invoice.issued_at < until)
    withdrawn = exists().where(
        JournalEntry.ticket == Ticket.number,
        JournalEntry.act == Command.WITHDRAW.value,
        JournalEntry.at < until,
    )
    brings = ~invoiced & ~withdrawn
    tickets, without_report, cents = (
        await session.execute(
            select(
                func.count(),
                func.count().filter(brings, Report.ticket.is_(None)),
                func.coalesce(
                    func.sum(Report.billed_slices * TariffVersion.price_ttc_cents).filter(brings), 0
                ),
            )
            .select_from(Ticket)
            .join(TariffVersion, TariffVersion.version == Ticket.tariff_version)
            .outerjoin(
                Report,
                (Report.ticket == Ticket.number)
                & (Report.session == BILLED_SESSION)
                & (Report.filed_at < until),
            )
            .where(Ticket.number.in_(_suspended_at(until)))
        )
    ).one()
    return Suspended(tickets, without_report, int(cents))
