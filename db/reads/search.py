"""Finding a person or a ticket again, by what somebody on the telephone says of it."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import CreditNote, Invoice
from db.models.people import Person
from db.models.tickets import Ticket
from db.reads.tickets import TicketRow, ticket_rows

# Letters that people type without their accent, or with another one.
ACCENTED = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ"
PLAIN = "aaaaaaceeeeiiiinooooouuuuyy"


async def people_called(session: AsyncSession, words: str, limit: int) -> Sequence[Person]:
    """By name, those in whose name each of the words is, whatever their accents, or whose address begins with
    all of it; closed accounts included. None for no word at all."""
    if not words.strip():
        return []
    query = select(Person).where(is_called(words))
    return (await session.scalars(query.order_by(Person.name, Person.id).limit(limit))).all()


def is_called(words: str) -> ColumnElement[bool]:
    """Of anybody, for no word at all."""
    said = words.strip().lower()
    name = func.translate(func.lower(Person.name), ACCENTED, PLAIN)
    parts = said.translate(str.maketrans(ACCENTED, PLAIN)).split()
    return or_(
        func.lower(Person.mail).startswith(said, autoescape=True),
        and_(true(), *(name.contains(part, autoescape=True) for part in parts)),
    )


async def tickets_about(
    session: AsyncSession, number: str | None, document: str, people: Collection[str], limit: int
) -> list[TicketRow]:
    """The newest first: the ticket of that number, that of the invoice or credit note, those of these
    people."""
    invoiced = select(Invoice.ticket).where(Invoice.number == document)
    credited = (
        select(Invoice.ticket)
        .join(CreditNote, CreditNote.invoice == Invoice.number)
        .where(CreditNote.number == document)
    )
    query = ticket_rows().where(
        or_(
            Ticket.number == number,
            Ticket.number.in_(invoiced),
            Ticket.number.in_(credited),
            Ticket.client_id.in_(people),
            Ticket.technician_id.in_(people),
        )
    )
    newest = query.order_by(Ticket.opened_at.desc(), Ticket.number.desc()).limit(limit)
    return [TicketRow(*row) for row in await session.execute(newest)]
