"""A held slot becomes a booking, and the request a ticket."""

import secrets

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import Booking, BookingState, Ticket
from db.reads.candidates import candidates
from db.reads.tariffs import tariff_in_force, tariff_of_version
from db.stores.tickets import acts
from domain.matching import choose
from domain.tariff import Tariff
from domain.ticket_steps import Book, Booked
from domain.tickets import Status


async def book(session: AsyncSession, message: Book) -> Booked:
    """Create the ticket, with the technician who was held for it or, if that hold was lost, another who is
    free. With nobody free, or when the appointment was already missed (nobody worked until then), the ticket
    is to assign. Raises `Refused(NO_TARIFF)`."""
    act = message.act
    if await acts.find(session, act):
        return await booked_before(session, act.ticket)
    tariff = await tariff_in_force(session, act.at)
    ticket = _requested(message, tariff)
    session.add(ticket)
    await session.flush()
    held = await _held(session, message)
    if _is_missed(message):
        if held is not None:
            await session.delete(held)
    elif held is not None:
        ticket.technician_id, ticket.assignment = held.technician_id, {held.technician_id: "chosen"}
        held.state, held.hold_expires_at, held.ticket = BookingState.BOOKED, None, ticket.number
    else:
        ticket.technician_id, ticket.assignment = await _book_another(session, message)
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
    return Booked(ticket.technician_id, tariff)


async def booked_before(session: AsyncSession, number: str) -> Booked:
    ticket = await session.get_one(Ticket, number)
    return Booked(ticket.technician_id, await tariff_of_version(session, ticket.tariff_version))


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
        client_code=_code(),
        technician_code=_code(),
        opened_at=message.act.at,
    )


def _is_missed(message: Book) -> bool:
    """As late as this, a technician who had been booked in time would have been reported absent."""
    return message.act.at > message.request.start + message.request.deadlines.no_call


def _code() -> str:
    """Four digits that are said on the phone. Chance is right here: the step is done once."""
    return f"{secrets.randbelow(10_000):04d}"


async def _held(session: AsyncSession, message: Book) -> Booking | None:
    """The hold, if it still stands. One past its expiry but not yet deleted still keeps others out."""
    request = message.request
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


async def _book_another(session: AsyncSession, message: Book) -> tuple[str | None, dict[str, str]]:
    """Book the fairest technician who is free. The database has the last word: one taken meanwhile is
    struck out and the next is tried."""
    request, now = message.request, message.act.at
    await session.execute(
        delete(Booking).where(Booking.state == BookingState.HELD, Booking.hold_expires_at <= now)
    )
    taken: dict[str, str] = {}
    while True:
        able = await candidates(session, request.skill, request.start, request.end, now)
        choice = choose([candidate for candidate in able if candidate.technician_id not in taken])
        if choice.technician_id is None:
            return None, choice.reasons | taken
        try:
            async with session.begin_nested():
                session.add(_booking(message, choice.technician_id))
        except IntegrityError:
            taken[choice.technician_id] = "not_free"
        else:
            return choice.technician_id, choice.reasons | taken


def _booking(message: Book, technician_id: str) -> Booking:
    request = message.request
    return Booking(
        technician_id=technician_id,
        during=Range(request.start, request.end),
        state=BookingState.BOOKED,
        skill=request.skill,
        ticket=request.number,
    )
