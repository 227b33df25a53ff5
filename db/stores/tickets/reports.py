"""The technician's report, and the client's dissatisfaction."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import Dispute, Report
from db.stores.tickets import acts, sessions
from domain.messages import ChangeStatus, FileReport, Suspend
from domain.tickets import Outcome, Status


async def file_report(session: AsyncSession, message: FileReport) -> None:
    """One report a session. A duration that is not credible suspends the ticket before any review."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    session.add(
        Report(
            ticket=act.ticket,
            session=message.session,
            submission_id=message.submission_id,
            declared_minutes=message.declared_minutes,
            measured_minutes=message.measured_minutes,
            billed_slices=message.billed_slices,
            credible=message.credible,
            filed_at=act.at,
        )
    )
    before = begun.ticket.status
    begun.ticket.status = Status.IN_REVIEW if message.credible else Status.SUSPENDED
    acts.record(
        session,
        act,
        "report",
        before,
        begun.ticket.status,
        session=message.session,
        declared_minutes=message.declared_minutes,
        measured_minutes=message.measured_minutes,
    )


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


async def change_status(session: AsyncSession, message: ChangeStatus) -> None:
    """A change that time brought and that carries nothing else: unpaid, or cancelled for want of anybody."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    before, begun.ticket.status = begun.ticket.status, message.status
    if message.status is Status.CLOSED:
        begun.ticket.outcome, begun.ticket.closed_at = Outcome.CANCELLED, act.at
    acts.record(session, act, message.status.value, before, begun.ticket.status)
