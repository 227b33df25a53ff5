"""The frame of every write on a ticket: its row locked, the act journalled under its key, once."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import JournalEntry, Ticket
from domain.ticket_steps import Act
from domain.tickets import Status


class UnknownTicketError(LookupError):
    """A step was asked for a ticket that does not exist: a programming error, never a person's."""


@dataclass(frozen=True)
class Begun:
    """The locked ticket, and the journal entry of this very act if it was already done."""

    ticket: Ticket
    done: JournalEntry | None


async def begin(session: AsyncSession, act: Act) -> Begun:
    """Lock the ticket and look whether the act was done. Raises `UnknownTicketError`."""
    ticket = await session.get(Ticket, act.ticket, with_for_update=True)
    if ticket is None:
        raise UnknownTicketError(act.ticket)
    return Begun(ticket, await find(session, act))


async def find(session: AsyncSession, act: Act) -> JournalEntry | None:
    return await session.scalar(
        select(JournalEntry).where(JournalEntry.ticket == act.ticket, JournalEntry.key == act.key)
    )


def record(
    session: AsyncSession,
    act: Act,
    name: str,
    before: Status,
    after: Status,
    /,
    **details: str | int | bool | None,
) -> None:
    """Journal the act, in the transaction that does it. `details` holds ids, enums and numbers only; what is
    None is left out."""
    session.add(
        JournalEntry(
            ticket=act.ticket,
            key=act.key,
            at=act.at,
            actor_id=act.actor.id,
            actor_role=act.actor.role,
            on_behalf_of=act.actor.on_behalf_of,
            act=name,
            before=before,
            after=after,
            details={name: value for name, value in details.items() if value is not None},
        )
    )
