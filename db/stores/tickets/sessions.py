"""The session itself: started with the right code, ended, and the technician's time given back."""

import hmac

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import Booking, Session
from db.stores import holds
from db.stores.tickets import acts
from domain.ticket_steps import EndedBy, EndSession, Extend, Extended, StartChecked, StartSession
from domain.tickets import Status


async def start_session(session: AsyncSession, message: StartSession) -> StartChecked:
    """Start when the code is the one the client was given; otherwise count the wrong one."""
    act = message.act
    begun = await acts.begin(session, act)
    ticket = begun.ticket
    if begun.done:
        started = begun.done.after is Status.IN_SESSION
        return StartChecked(started, wrong_codes=0 if started else int(begun.done.details["wrong_codes"]))
    if ticket.client_code is None or not hmac.compare_digest(ticket.client_code, message.code):
        ticket.wrong_codes += 1
        acts.record(
            session, act, "start_refused", ticket.status, ticket.status, wrong_codes=ticket.wrong_codes
        )
        return StartChecked(started=False, wrong_codes=ticket.wrong_codes)
    session.add(
        Session(
            ticket=ticket.number,
            number=message.session,
            technician_id=ticket.technician_id,
            started_at=act.at,
        )
    )
    before, ticket.status = ticket.status, Status.IN_SESSION
    acts.record(session, act, "start", before, ticket.status, session=message.session)
    return StartChecked(started=True)


async def end_session(session: AsyncSession, message: EndSession) -> None:
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    await close_open_session(session, message)
    before, begun.ticket.status = begun.ticket.status, Status.TO_REPORT
    name = "stop" if message.ended_by is EndedBy.CLIENT else "end"
    acts.record(
        session,
        act,
        name,
        before,
        begun.ticket.status,
        session=message.session,
        ended_by=message.ended_by.value,
    )


async def close_open_session(session: AsyncSession, message: EndSession) -> None:
    """Stamp the end, and give back what is left of the booking: the technician is free from then on."""
    ticket, at = message.act.ticket, message.act.at
    current = await session.scalar(
        select(Session).where(Session.ticket == ticket, Session.ended_at.is_(None))
    )
    if current is not None:
        current.ended_at, current.ended_by = at, message.ended_by
    booking = await _booking(session, ticket, message.session)
    if booking is None:
        return
    lower, upper = booking.during.lower, booking.during.upper
    if lower is not None and at <= lower:
        await session.delete(booking)
    elif upper is not None and at < upper:
        booking.during = Range(lower, at)


async def extend(session: AsyncSession, message: Extend) -> Extended:
    """A higher ceiling, and the technician's time until then. Nothing changes when they are booked next."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return Extended(extended=True)
    booking = await _booking(session, act.ticket, message.session)
    upper = booking.during.upper if booking is not None else None
    if booking is not None and upper is not None and message.until > upper:
        await holds.delete_expired(session, act.at)
        try:
            async with session.begin_nested():
                booking.during = Range(booking.during.lower, message.until)
        except IntegrityError:
            return Extended(extended=False)
        begun.ticket.appointment_end = message.until
    begun.ticket.ceiling_minutes = message.ceiling_minutes
    status = begun.ticket.status
    acts.record(session, act, "extend", status, status, ceiling_minutes=message.ceiling_minutes)
    return Extended(extended=True)


async def _booking(session: AsyncSession, ticket: str, number: int) -> Booking | None:
    return await session.scalar(
        select(Booking).where(Booking.ticket == ticket, Booking.session == number).with_for_update()
    )
