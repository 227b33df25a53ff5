"""Erasures: where each stands, and what holds it up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, Select, String, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chargebacks import Chargeback
from db.models.contests import StatementContest
from db.models.documents import StoredDocument
from db.models.erasures import Erasure
from db.models.money import CreditNote, Gain, Invoice, LedgerLine
from db.models.payouts import GainClaim, Payout, PayoutStatus, Statement
from db.models.people import Person
from db.models.refunds import RefundCase
from db.models.tickets import Session, Ticket
from db.reads.leaving import is_leaving
from domain import chargebacks
from domain.erasures import Awaited, Outstanding, declared_from
from domain.ledger import client_account
from domain.opening_hours import PARIS
from domain.refunds import RefundStatus
from domain.tickets import Role, Status

UNSETTLED = (RefundStatus.OPEN, RefundStatus.SENDING, RefundStatus.FAILED)


@dataclass(frozen=True)
class Leaver:
    """Whose account may be erased, whether or not it is closed."""

    id: str
    role: Role


async def leaver(session: AsyncSession, person_id: str) -> Leaver | None:
    """None when there is no such person."""
    row = (await session.execute(select(Person.id, Person.role).where(Person.id == person_id))).one_or_none()
    return Leaver(row.id, row.role) if row else None


async def latest_erasure(session: AsyncSession, person_id: str) -> Erasure | None:
    query = select(Erasure).where(Erasure.person_id == person_id)
    return await session.scalar(query.order_by(Erasure.asked_at.desc(), Erasure.id.desc()).limit(1))


async def erasure_of_key(session: AsyncSession, key: str) -> Erasure | None:
    return await session.scalar(select(Erasure).where(Erasure.key == key))


async def leaves(session: AsyncSession, person_id: str) -> bool:
    return bool(await session.scalar(select(is_leaving(person_id))))


async def is_of_somebody_erased(session: AsyncSession, number: str, *, ticket: str | None) -> bool:
    """Whether the client of that ticket has left or, without one, the technician of the statement."""
    client = select(Ticket.client_id).where(Ticket.number == ticket)
    technician = select(Statement.technician_id).where(Statement.number == number)
    query = select(Erasure.person_id).where(
        Erasure.person_id.in_(client if ticket is not None else technician), Erasure.erased_at.is_not(None)
    )
    return await session.scalar(query) is not None


async def outstanding(session: AsyncSession, person_id: str, now: datetime) -> tuple[Outstanding, ...]:
    """What must be settled first: nothing of somebody's is erased while it is still needed for them or for
    another. A failed refund is the team's to send again. One statement."""
    awaited = list(_awaited(person_id))
    each = [func.array(query.scalar_subquery(), type_=ARRAY(String)) for _, query in awaited]
    paid = func.array(_paid(person_id).scalar_subquery(), type_=ARRAY(DateTime(timezone=True)))
    sums = (_owed(person_id).scalar_subquery(), _unclaimed(person_id).scalar_subquery())
    row = (await session.execute(select(*sums, paid, *each))).one()
    owed, unclaimed, paid_at, *references = row
    found = [
        Outstanding(what, reference)
        for (what, _), those in zip(awaited, references, strict=True)
        for reference in those
    ]
    if owed:
        found.append(Outstanding(Awaited.DEBT))
    if unclaimed:
        found.append(Outstanding(Awaited.GAINS))
    # Paris years in which a technician was paid: who they are has to be declared in the January after.
    for year in sorted({at.astimezone(PARIS).year for at in paid_at}):
        if now < declared_from(year):
            found.append(Outstanding(Awaited.DECLARATION, str(year)))
    return tuple(found)


def _awaited(person_id: str) -> Iterable[tuple[Awaited, Select[str]]]:
    worked = select(Session.ticket).where(Session.technician_id == person_id)
    of_theirs = or_(
        Ticket.client_id == person_id, Ticket.technician_id == person_id, Ticket.number.in_(worked)
    )
    tickets = select(Ticket.number).where(of_theirs)
    statements = select(Statement.key).where(Statement.technician_id == person_id)
    yield Awaited.TICKET, tickets.where(Ticket.status != Status.CLOSED).order_by(Ticket.number)
    yield (
        Awaited.REFUND,
        select(RefundCase.invoice)
        .where(RefundCase.ticket.in_(tickets), RefundCase.status.in_(UNSETTLED))
        .order_by(RefundCase.invoice, RefundCase.n),
    )
    yield (
        Awaited.CHARGEBACK,
        select(Chargeback.invoice)
        .where(Chargeback.ticket.in_(tickets), Chargeback.status.in_(chargebacks.OPEN))
        .order_by(Chargeback.reference),
    )
    for numbered in (
        select(Invoice.number).where(Invoice.client_id == person_id),
        select(CreditNote.number)
        .join(Invoice, Invoice.number == CreditNote.invoice)
        .where(Invoice.client_id == person_id),
        select(Statement.number).where(Statement.technician_id == person_id),
    ):
        numbers = numbered.subquery()
        yield (
            Awaited.DOCUMENT,
            select(numbers.c.number)
            .where(~select(StoredDocument.number).where(StoredDocument.number == numbers.c.number).exists())
            .order_by(numbers.c.number),
        )
    yield (
        Awaited.PAYOUT,
        select(Statement.number)
        .join(Payout, Payout.key == Statement.key)
        .where(Statement.key.in_(statements), Payout.status != PayoutStatus.PAID)
        .order_by(Statement.sequence),
    )
    yield (
        Awaited.CONTEST,
        select(StatementContest.statement)
        .join(Statement, Statement.number == StatementContest.statement)
        .where(Statement.technician_id == person_id, StatementContest.outcome.is_(None))
        .order_by(StatementContest.statement),
    )


def _owed(person_id: str) -> Select[int]:
    """What a client owes, or is owed: their account in the books."""
    return select(func.sum(LedgerLine.amount_cents)).where(LedgerLine.account == client_account(person_id))


def _unclaimed(person_id: str) -> Select[int]:
    return (
        select(func.sum(Gain.amount_cents))
        .outerjoin(GainClaim, GainClaim.gain_id == Gain.id)
        .where(Gain.technician_id == person_id, GainClaim.gain_id.is_(None))
    )


def _paid(person_id: str) -> Select[datetime | None]:
    return (
        select(Payout.paid_at)
        .join(Statement, Statement.key == Payout.key)
        .where(Statement.technician_id == person_id, Payout.paid_at.is_not(None))
    )
