"""Finding the ticket that a path names, for those who may see it."""

from typing import Annotated

from fastapi import Path
from sqlalchemy.ext.asyncio import AsyncSession

from api.codes import ApiCode
from api.dependencies import Dependencies
from api.errors import Problem
from api.shapes.tickets import TicketView
from api.visibility import ticket_view
from db.reads.people import KnownPerson
from db.reads.ticket_file import TicketFile, ticket_file
from db.reads.tickets import TicketRow, find_ticket
from db.stores.accesses import record_once
from domain.accesses import Entry, Reading
from domain.errors import Refused
from domain.ids import parse_ticket_number
from domain.tickets import Role

NumberInPath = Annotated[str, Path(description="The ticket's 8 digits.", examples=["00000420"])]


def number_in_path(text: str) -> str:
    """A misheard number is refused by its check digit, and looks like one that does not exist."""
    try:
        return parse_ticket_number(text)
    except Refused:
        raise Problem(ApiCode.TICKET_NOT_FOUND) from None


async def seen_ticket(session: AsyncSession, text: str, person: KnownPerson) -> TicketRow:
    """Raises `Problem(TICKET_NOT_FOUND)` alike for a stranger's ticket and for none."""
    row = await find_ticket(session, number_in_path(text), person)
    if row is None:
        raise Problem(ApiCode.TICKET_NOT_FOUND)
    return row


async def view_of(session: AsyncSession, given: Dependencies, person: KnownPerson, text: str) -> TicketView:
    return (await _with_file(session, given, person, text))[0]


async def _with_file(
    session: AsyncSession, given: Dependencies, person: KnownPerson, text: str
) -> tuple[TicketView, TicketFile]:
    row = await seen_ticket(session, text, person)
    file = await ticket_file(session, row.ticket)
    view = ticket_view(row, file, person, file.names, given.clock(), given.deadlines, given.hours)
    return view, file


async def read_ticket(given: Dependencies, person: KnownPerson, text: str) -> TicketView:
    """To show it. How to reach the client is shown to a technician for a while only, so that is entered here;
    what the team reads of tickets, their routes declare."""
    return (await read_with_file(given, person, text))[0]


async def read_with_file(
    given: Dependencies, person: KnownPerson, text: str, *, shows_contact: bool = True
) -> tuple[TicketView, TicketFile]:
    """As `read_ticket`, with what the view is made of; for a page that does not show how to reach the client
    nothing is entered."""
    async with given.sessions.begin() as session:
        view, file = await _with_file(session, given, person, text)
        is_told = shows_contact and (view.phone is not None or view.anydesk_id is not None)
        if person.role is Role.TECHNICIAN and is_told:
            contact = Entry(given.clock(), person.id, person.role, Reading.CLIENT_CONTACT, view.number)
            await record_once(session, contact)
    return view, file
