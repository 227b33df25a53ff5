"""Documents of record, and what one is made of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from db.models.contests import StatementContest
from db.models.documents import StoredDocument
from db.models.erasures import ArchivedRecord
from db.models.money import CreditNote, Gain, Invoice, TariffVersion
from db.models.payees import Payee
from db.models.payouts import GainClaim, Statement
from db.models.people import Person, Skill
from db.models.tickets import Session, Ticket
from domain.payout_steps import FindStatements, StatementToWrite


@dataclass(frozen=True)
class Sale:
    """An invoice with what its page says beside it; `credit` where the document is a credit note. The session
    is the first: those after it are free."""

    invoice: Invoice
    credit: CreditNote | None
    client_name: str
    skill: str
    slice_minutes: int
    session: Session


async def sale_of(session: AsyncSession, number: str) -> Sale | None:
    """By the number of an invoice or of a credit note."""
    credit = await session.get(CreditNote, number)
    query = (
        select(Invoice, Person.name, Skill.label, TariffVersion.slice_minutes, Session)
        .join(Ticket, Ticket.number == Invoice.ticket)
        .join(Person, Person.id == Invoice.client_id)
        .join(Skill, Skill.code == Ticket.skill)
        .join(TariffVersion, TariffVersion.version == Ticket.tariff_version)
        .join(Session, (Session.ticket == Ticket.number) & (Session.number == 1))
        .where(Invoice.number == (credit.invoice if credit else number))
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    invoice, client_name, skill, slice_minutes, held = row
    return Sale(invoice, credit, client_name, skill, slice_minutes, held)


@dataclass(frozen=True)
class Earned:
    """A line of a statement: what a session earned, or a correction of it. `performed_at` is when the session
    began, and of one that is not known when it was accepted. `corrects` is the number of the statement that
    it corrects, after a contest."""

    ticket: str
    skill: str
    slice_minutes: int
    performed_at: datetime
    slices: int
    amount_cents: int
    corrects: str | None = None


@dataclass(frozen=True)
class Purchase:
    """A statement, with who sells and each of their gains, oldest first."""

    statement: Statement
    seller: Payee
    gains: list[Earned]


async def purchase_of(session: AsyncSession, number: str) -> Purchase | None:
    """By the number of a statement."""
    row = (
        await session.execute(
            select(Statement, Payee)
            .join(Payee, Payee.technician_id == Statement.technician_id)
            .where(Statement.number == number)
        )
    ).one_or_none()
    if row is None:
        return None
    statement, seller = row
    gains = await session.execute(
        select(
            Gain.ticket,
            Skill.label,
            TariffVersion.slice_minutes,
            func.coalesce(Session.started_at, Gain.accepted_at),
            Gain.slices,
            Gain.amount_cents,
            StatementContest.statement,
        )
        .join(GainClaim, GainClaim.gain_id == Gain.id)
        .join(Ticket, Ticket.number == Gain.ticket)
        .join(Skill, Skill.code == Ticket.skill)
        .join(TariffVersion, TariffVersion.version == Ticket.tariff_version)
        .outerjoin(Session, (Session.ticket == Gain.ticket) & (Session.number == Gain.session))
        .outerjoin(StatementContest, StatementContest.gain_id == Gain.id)
        .where(GainClaim.statement == statement.key)
        .order_by(Gain.accepted_at, Gain.id)
    )
    return Purchase(statement, seller, [Earned(*gain) for gain in gains])


async def is_made(session: AsyncSession, number: str) -> bool:
    """Also when it has left for the archive."""
    return not await session.scalar(select(is_missing(literal(number))))


def is_missing(number: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """That no document was ever made of that number. For the worker: nobody else sees what is archived."""
    made = exists().where(StoredDocument.number == number)
    # By name: of the archive the worker may read no other column.
    archived = select(ArchivedRecord.reference).where(
        ArchivedRecord.kind == "document", ArchivedRecord.reference == number
    )
    return ~made & ~archived.exists()


async def document_of(session: AsyncSession, number: str, *, ticket: str | None) -> StoredDocument | None:
    """With its PDF. None while it is not made, and for another ticket's; a statement is of no ticket."""
    query = select(StoredDocument).where(
        StoredDocument.number == number, StoredDocument.ticket.is_not_distinct_from(ticket)
    )
    return await session.scalar(query.options(undefer(StoredDocument.pdf)))


async def made_for(session: AsyncSession, ticket: str) -> set[str]:
    """The numbers of a ticket's documents."""
    return set(await session.scalars(select(StoredDocument.number).where(StoredDocument.ticket == ticket)))


async def not_made(session: AsyncSession) -> list[str]:
    """The numbers of the invoices, credit notes and statements that have no document yet, oldest first."""
    numbers: list[str] = []
    for row in (Invoice, CreditNote, Statement):
        numbers += await session.scalars(
            select(row.number).where(is_missing(row.number)).order_by(row.issued_at, row.number)
        )
    return numbers


async def undocumented_statements(
    session: AsyncSession, message: FindStatements
) -> tuple[StatementToWrite, ...]:
    """Oldest first."""
    query = (
        select(Statement.number, Statement.technician_id)
        .where(Statement.month == message.month, is_missing(Statement.number))
        .order_by(Statement.issued_at, Statement.number)
    )
    if message.technician_id is not None:
        query = query.where(Statement.technician_id == message.technician_id)
    return tuple(StatementToWrite(*row) for row in await session.execute(query))
