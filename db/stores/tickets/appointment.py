"""Before the session: the technician confirms and calls, the client consents."""

from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import Consent
from db.stores.tickets import acts
from domain.ticket_steps import Act, RecordConsent, RecordReason


async def acknowledge(session: AsyncSession, act: Act) -> None:
    begun = await acts.begin(session, act)
    if begun.done:
        return
    begun.ticket.acknowledged_at = begun.ticket.acknowledged_at or act.at
    acts.record(session, act, "acknowledge", begun.ticket.status, begun.ticket.status)


async def record_call(session: AsyncSession, act: Act) -> None:
    """The technician calls the client; the first call's time is kept on the ticket, each in the journal."""
    begun = await acts.begin(session, act)
    if begun.done:
        return
    begun.ticket.called_at = begun.ticket.called_at or act.at
    acts.record(session, act, "call", begun.ticket.status, begun.ticket.status)


async def record_consent(session: AsyncSession, message: RecordConsent) -> None:
    """Consent to remote control for one appointment. The first one given is the one that counts."""
    begun = await acts.begin(session, message.act)
    if begun.done:
        return
    named = (message.act.ticket, message.session, message.sequence)
    if await session.get(Consent, named) is None:
        session.add(
            Consent(
                ticket=message.act.ticket,
                session=message.session,
                sequence=message.sequence,
                text_version=message.text_version,
                submission_id=message.submission_id,
                given_at=message.act.at,
            )
        )
    acts.record(
        session,
        message.act,
        "consent",
        begun.ticket.status,
        begun.ticket.status,
        session=message.session,
        text_version=message.text_version,
    )


async def record_reason(session: AsyncSession, message: RecordReason) -> None:
    """An act that changes nothing: an incident."""
    begun = await acts.begin(session, message.act)
    if begun.done:
        return
    status = begun.ticket.status
    acts.record(session, message.act, message.name, status, status, submission=message.submission_id)
