"""A dissatisfied client: the ticket is suspended."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.disputes import Dispute
from db.stores.tickets import acts, sessions
from domain.ticket_steps import Suspend
from domain.tickets import Status


async def suspend(session: AsyncSession, message: Suspend) -> None:
    """The client is dissatisfied: from this commit on nothing is billed. A running session ends with it."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    raised = await session.scalar(select(func.count()).where(Dispute.ticket == act.ticket))
    session.add(
        Dispute(
            ticket=act.ticket,
            number=(raised or 0) + 1,
            submission_id=message.submission_id,
            raised_at=act.at,
        )
    )
    before, begun.ticket.status = begun.ticket.status, Status.SUSPENDED
    if before is Status.IN_SESSION:
        await sessions.close_open_session(session, act.ticket, act.at)
    acts.record(session, act, "dispute", before, begun.ticket.status)
