"""The technician's report."""

from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import Report
from db.stores.tickets import acts
from domain.ticket_steps import FileReport
from domain.tickets import Status


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
            evidence=message.evidence,
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
        evidence=message.evidence.value,
    )
