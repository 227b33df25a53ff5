"""All that is kept about one person and is theirs, table by table. Each query is asked once, however much
there is; what of a ticket they may see is decided by the API. Which column goes where, and why some go
nowhere, is listed in `tests/api/test_export_forgets_nothing.py`.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import false
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Person
from db.models.tickets import Ticket
from db.reads.export_account import Query, account, readings, written
from db.reads.export_earnings import earnings
from db.reads.export_purchases import purchases
from db.reads.export_tickets import work
from db.reads.people import KnownPerson, names_of
from db.reads.refunds import CaseFile
from db.reads.relations import tickets_of
from db.reads.ticket_file import TicketFile
from db.reads.ticket_files import refund_cases, ticket_files
from db.reads.tickets import TicketRow, ticket_rows
from domain.accesses import STAFF
from domain.tickets import Role

Row = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """`rows` maps the name of a part of the export to its rows, by the names of their fields. `tickets` are
    those of a client or a technician, with `names` of the people that they name besides."""

    person: KnownPerson
    rows: dict[str, list[Row]]
    tickets: list[tuple[TicketRow, TicketFile]]
    refunds: list[CaseFile]
    names: dict[str, str]


async def person_to_export(session: AsyncSession, person_id: str) -> KnownPerson | None:
    """Also of a closed account; None for the system, which is nobody."""
    row = await session.get(Person, person_id)
    if row is None or row.role is Role.SYSTEM:
        return None
    return KnownPerson(row.id, row.role, row.name, row.mail)


async def kept_about(session: AsyncSession, person: KnownPerson) -> Kept:
    rows = {}
    for part, query in _queries(person).items():
        rows[part] = [dict(row) for row in (await session.execute(query)).mappings()]
    theirs = tickets_of(person) if person.role not in STAFF else false()
    found = await session.execute(ticket_rows().where(theirs).order_by(Ticket.opened_at, Ticket.number))
    tickets = [TicketRow(*row) for row in found]
    files = await ticket_files(session, [row.ticket for row in tickets])
    # A refund is between the client and us.
    numbers = [row.ticket.number for row in tickets] if person.role is Role.CLIENT else []
    return Kept(
        person,
        rows,
        [(row, files[row.ticket.number]) for row in tickets],
        await refund_cases(session, numbers),
        # The only people whom a client's or a technician's view may name besides: themselves.
        await names_of(session, {person.id}),
    )


def _queries(person: KnownPerson) -> dict[str, Query]:
    return {
        **account(person),
        **written(person),
        **purchases(person),
        **work(person),
        **earnings(person),
        **readings(person),
    }
