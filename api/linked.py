"""The ticket that a signed link of a mail opens, for whoever holds the link."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.codes import ApiCode
from api.dependencies import Dependencies
from api.errors import Problem
from db.askers import LINK, Asker, known
from db.reads.people import KnownPerson, active_person
from db.reads.tickets import TicketRow, find_ticket
from domain import signed_links
from domain.signed_links import Purpose
from domain.tickets import Role

INVALID = {
    Purpose.REVIEW: ApiCode.REVIEW_LINK_INVALID,
    Purpose.PAYMENT: ApiCode.PAYMENT_LINK_INVALID,
}


async def linked_ticket(
    session: AsyncSession, given: Dependencies, token: str, purpose: Purpose
) -> tuple[KnownPerson, TicketRow]:
    """The client and their ticket, in a session that has not begun. Raises the purpose's `Problem`, also for
    a client whose account was closed."""
    try:
        link = signed_links.read(token, given.token_key, purpose, given.clock())
    except signed_links.InvalidLink:
        raise Problem(INVALID[purpose]) from None
    # The session has not begun yet: it is the link's from its first question on.
    known(Asker(link.client_id, LINK, link.ticket))
    client = await active_person(session, link.client_id)
    if client is None or client.role is not Role.CLIENT:
        raise Problem(INVALID[purpose])
    row = await find_ticket(session, link.ticket, client)
    if row is None:
        raise Problem(INVALID[purpose])
    return client, row
