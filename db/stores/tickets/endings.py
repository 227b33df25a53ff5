"""How a ticket ends without an invoice, and what time alone brings it to: unpaid."""

from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import Ticket
from db.stores.money.gains import earn
from db.stores.tickets import acts, placing
from db.stores.tickets.reviews import put_review
from db.stores.tickets.rulings import record_ruling
from domain.ticket_steps import ChangeStatus, Close
from domain.tickets import Status


async def close(session: AsyncSession, message: Close) -> None:
    """Nothing is billed. Time booked for a session that did not begin is given back at once."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    ticket = begun.ticket
    before = ticket.status
    if before in {Status.TO_ASSIGN, Status.SCHEDULED}:
        await placing.release(session, act.ticket, message.session)
    ticket.status, ticket.outcome, ticket.closed_at = Status.CLOSED, message.outcome, act.at
    # The database refuses gains of a suspended ticket: it must know first that this one no longer is.
    await session.flush()
    await _settle(session, message, ticket)
    acts.record(
        session,
        act,
        message.name,
        before,
        ticket.status,
        outcome=message.outcome.value,
        submission=message.submission_id,
        statement=message.statement,
        kind=message.ruling.kind.value if message.ruling else None,
    )


async def _settle(session: AsyncSession, message: Close, ticket: Ticket) -> None:
    if message.ruling is not None:
        await record_ruling(session, ticket, message.ruling)
    if message.review is not None:
        await put_review(session, message.review)
    if message.tariff is not None:
        await earn(session, message.act, message.tariff, message.gains)


async def change_status(session: AsyncSession, message: ChangeStatus) -> None:
    """A change that time brought and that carries nothing else."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    before, begun.ticket.status = begun.ticket.status, message.status
    acts.record(session, act, message.status.value, before, begun.ticket.status)
