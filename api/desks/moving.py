"""What the pages need on which a ticket is given another hour: moved, by the client or the back office, or
for another session."""

from typing import Any

from api.dependencies import Dependencies
from api.desks.slots import free_days
from api.express_request_text import CURRENT_VERSION, TEXTS, needs_express_request
from api.ticket_reading import seen_ticket
from api.visibility import summary
from db.askers import Purpose, for_purpose
from db.reads.people import KnownPerson
from domain.tickets import Command, check_legal


async def free_hours(
    given: Dependencies,
    person: KnownPerson,
    number: str,
    day: str | None,
    command: Command,
    *,
    is_again: bool,
) -> dict[str, Any]:
    """The words of the page: the ticket, and the free slots as long as its ceiling on the days from there on.
    `is_again` for a form that comes back, whatever the ticket has become. Raises `Refused` for a ticket of
    which the command cannot be asked, and `Problem(TICKET_NOT_FOUND)`."""
    now = given.clock()
    async with given.sessions(info=for_purpose(Purpose.AGENDAS)) as session:
        row = await seen_ticket(session, number, person)
        ticket = row.ticket
        if not is_again:
            check_legal(command, ticket.status)
        days = await free_days(
            session,
            given,
            client_id=ticket.client_id,
            skill=ticket.skill,
            minutes=ticket.ceiling_minutes,
            level=ticket.required_level,
            day=day,
        )
    return {
        "view": summary(row),
        "days": days,
        "express_text": TEXTS[CURRENT_VERSION],
        "needs_express": lambda slot: needs_express_request(slot, ticket.opened_at),
        "now": now,
    }
