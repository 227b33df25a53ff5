"""Suspensions: by a dissatisfied client, or because something is left to rule; and who takes them over."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.disputes import Dispute
from db.stores.tickets import acts, placing, sessions
from domain.errors import Refusal, Refused
from domain.ticket_steps import Act, EndedBy, EndSession, Suspend, SuspendWithoutDispute
from domain.tickets import Status


async def suspend(session: AsyncSession, message: Suspend) -> None:
    """The client is dissatisfied: from this commit on nothing is billed. A running session ends with it.
    Raises `Refused(TICKET_CLOSED)`."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    if begun.ticket.status is Status.CLOSED:
        # Paid at this very moment, which its workflow has not heard of yet.
        raise Refused(Refusal.TICKET_CLOSED)
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
        await sessions.close_open_session(session, EndSession(act, message.session, EndedBy.DISPUTE))
    acts.record(session, act, "dispute", before, begun.ticket.status)


async def suspend_without_dispute(session: AsyncSession, message: SuspendWithoutDispute) -> None:
    """Something is left to rule. What was booked for the session, or is left of it, is given back."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    before, begun.ticket.status = begun.ticket.status, Status.SUSPENDED
    if before is Status.IN_SESSION:
        await sessions.close_open_session(session, EndSession(act, message.session, EndedBy.WITHDRAWAL))
    else:
        await placing.release(session, act.ticket, message.session)
    acts.record(
        session,
        act,
        message.name,
        before,
        begun.ticket.status,
        session=message.session,
        submission=message.submission_id,
        statement=message.statement,
    )


async def take_over(session: AsyncSession, act: Act) -> None:
    """The team member who sees to a suspended ticket; another may follow."""
    begun = await acts.begin(session, act)
    if begun.done:
        return
    begun.ticket.taken_over_by, begun.ticket.taken_over_at = act.actor.id, act.at
    acts.record(session, act, "take_over", begun.ticket.status, begun.ticket.status)
