"""A held slot becomes a booking, and the request a ticket."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import Booking, BookingState, Ticket
from db.reads.availability import technician_can_keep
from db.reads.skills import required_level
from db.reads.tariffs import tariff_in_force, tariff_of_version
from db.stores import holds
from db.stores.tickets import acts, placing
from domain.tariff import Tariff
from domain.ticket_steps import Book, Booked
from domain.tickets import Status

FIRST_SESSION = 1


async def book(session: AsyncSession, message: Book, again: Booked | None = None) -> Booked:
    """Create the ticket, with the technician who was held for it or, if that hold was lost, another who is
    free. With nobody free, or when the appointment was already missed (nobody worked until then), the ticket
    is to assign. `again` is what was answered before the database forgot it: that is booked, and nothing is
    chosen. Raises `Refused(NO_TARIFF)`."""
    act = message.act
    if await acts.find(session, act):
        return await booked_before(session, act.ticket)
    tariff = again.tariff if again else await tariff_in_force(session, act.at, message.request.skill)
    ticket = _requested(message, tariff)
    ticket.required_level = await required_level(session, ticket.skill) or 1
    session.add(ticket)
    await session.flush()
    if again is None:
        await _place(session, message, ticket)
    else:
        await _place_as_before(session, message, ticket, again)
    ticket.status = Status.SCHEDULED if ticket.technician_id else Status.TO_ASSIGN
    acts.record(
        session,
        act,
        "book",
        Status.REQUESTED,
        ticket.status,
        technician=ticket.technician_id or "",
        tariff=tariff.version,
    )
    await session.flush()
    return _booked(ticket, tariff)


async def booked_before(session: AsyncSession, number: str) -> Booked:
    ticket = await session.get_one(Ticket, number)
    return _booked(ticket, await tariff_of_version(session, ticket.tariff_version))


def _booked(ticket: Ticket, tariff: Tariff) -> Booked:
    return Booked(ticket.technician_id, tariff, ticket.appointment_start, ticket.appointment_end)


async def _place(session: AsyncSession, message: Book, ticket: Ticket) -> None:
    now = message.act.at
    held = await _held(session, message)
    if held is not None and not _is_missed(message):
        ticket.technician_id, ticket.assignment = held.technician_id, {held.technician_id: "chosen"}
        held.state, held.hold_expires_at = BookingState.BOOKED, None
        held.ticket, held.session = ticket.number, FIRST_SESSION
        await session.flush()
        # They may have gone on leave since the slot was held.
        if await technician_can_keep(session, ticket.number):
            return
        ticket.technician_id, ticket.assignment = None, {held.technician_id: "unavailable"}
    if held is not None:
        await session.delete(held)
        await session.flush()
    if not _is_missed(message):
        if message.request.hold_id is None:
            # What the client holds may be the very time that is asked for.
            await holds.drop(session, ticket.client_id, now)
        else:
            await holds.delete_expired(session, now)
        for start, end in await _times(session, message, ticket):
            wanted = placing.Wanted(FIRST_SESSION, start, end, now, struck_out=dict(ticket.assignment or {}))
            choice = await placing.place(session, ticket, wanted)
            ticket.assignment = choice.reasons
            if choice.technician_id is not None:
                ticket.technician_id, ticket.flexible = choice.technician_id, False
                ticket.appointment_start, ticket.appointment_end = start, end
                return


async def _place_as_before(session: AsyncSession, message: Book, ticket: Ticket, again: Booked) -> None:
    held = await _held(session, message)
    if held is not None:
        await session.delete(held)
        await session.flush()
    ticket.appointment_start, ticket.appointment_end = again.start, again.end
    if again.technician_id is not None:
        choice = await placing.book_as_before(
            session, ticket, FIRST_SESSION, again.start, again.end, again.technician_id
        )
        ticket.technician_id, ticket.flexible = choice.technician_id, False
        ticket.assignment = choice.reasons


async def _times(session: AsyncSession, message: Book, ticket: Ticket) -> list[tuple[datetime, datetime]]:
    request = message.request
    if not ticket.flexible:
        return [(request.start, request.end)]
    length = request.end - request.start
    return await placing.first_times(
        session, ticket, request.start, length, message.act.at, request.hours, request.slot_rules
    )


def _requested(message: Book, tariff: Tariff) -> Ticket:
    request = message.request
    return Ticket(
        number=request.number,
        client_id=request.client_id,
        skill=request.skill,
        status=Status.REQUESTED,
        appointment_start=request.start,
        appointment_end=request.end,
        ceiling_minutes=request.ceiling_minutes,
        tariff_version=tariff.version,
        request_id=request.submission_id,
        client_code=placing.code(),
        technician_code=placing.code(),
        flexible=request.hold_id is None,
        opened_at=message.act.at,
    )


def _is_missed(message: Book) -> bool:
    """As late as this, a technician who had been booked in time would have been reported absent."""
    if message.request.hold_id is None:
        return False
    return message.act.at > message.request.start + message.request.deadlines.no_call


async def _held(session: AsyncSession, message: Book) -> Booking | None:
    """The hold, if it still stands. One past its expiry but not yet deleted still keeps others out."""
    request = message.request
    if request.hold_id is None:
        return None
    return await session.scalar(
        select(Booking)
        .where(
            Booking.id == request.hold_id,
            Booking.state == BookingState.HELD,
            Booking.held_by == request.client_id,
            Booking.during == Range(request.start, request.end),
        )
        .with_for_update()
    )
