"""Documents of record, and what one is made of."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from db.models.documents import StoredDocument
from db.models.money import CreditNote, Invoice, TariffVersion
from db.models.people import Person, Skill
from db.models.tickets import Session, Ticket


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


async def is_made(session: AsyncSession, number: str) -> bool:
    query = select(StoredDocument.number).where(StoredDocument.number == number)
    return await session.scalar(query) is not None


async def document_of(session: AsyncSession, number: str, *, ticket: str) -> StoredDocument | None:
    """With its PDF. None while it is not made, and for another ticket's."""
    query = select(StoredDocument).where(StoredDocument.number == number, StoredDocument.ticket == ticket)
    return await session.scalar(query.options(undefer(StoredDocument.pdf)))


async def made_for(session: AsyncSession, ticket: str) -> set[str]:
    """The numbers of a ticket's documents."""
    return set(await session.scalars(select(StoredDocument.number).where(StoredDocument.ticket == ticket)))


async def not_made(session: AsyncSession) -> list[str]:
    """The numbers of the invoices and credit notes that have no document yet, oldest first."""
    numbers: list[str] = []
    for row in (Invoice, CreditNote):
        numbers += await session.scalars(
            select(row.number)
            .outerjoin(StoredDocument, StoredDocument.number == row.number)
            .where(StoredDocument.number.is_(None))
            .order_by(row.issued_at, row.number)
        )
    return numbers
