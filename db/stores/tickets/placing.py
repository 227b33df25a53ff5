"""Giving a ticket to a technician: somebody suitable is booked, in place of whoever had it."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import Booking, BookingState, Ticket
from db.reads.busy import busy
from db.reads.candidates import candidates
from db.stores import holds
from db.stores.tickets import acts
from db.stores.tickets.rulings import record_ruling
from domain.matching import STRUCK_OUT, Choice, choose, strike_out
from domain.opening_hours import OpeningHours
from domain.slots import SlotRules, free_slots
from domain.ticket_steps import Cause, FindTechnician, Found
from domain.tickets import Status

# What a technician is struck out for, by what made them lose the ticket.
REASON = {
    Cause.DECLINE: "declined",
    Cause.SILENCE: "silent",
    Cause.NO_CALL: "absent",
    Cause.UNAVAILABLE: "unavailable",
    Cause.REASSIGN: "replaced",
}
# After these everybody may be asked again: the hour is another one, or the work is.
FORGETS = {Cause.RESCHEDULE, Cause.REWORK}
# How many times a flexible search tries; each is free when looked at, so one is enough unless others race.
SLOTS_TRIED = 10


@dataclass(frozen=True)
class Wanted:
    """Who may be booked, and when. `struck_out` maps technicians who must not be to the reason."""

    session: int
    start: datetime
    end: datetime
    now: datetime
    struck_out: dict[str, str]
    preferred: str | None = None
    only_preferred: bool = False


async def find_technician(
    session: AsyncSession, message: FindTechnician, again: Found | None = None
) -> Found:
    """Book somebody, or leave the ticket to assign; see `FindTechnician` for what changes when nobody is
    free. One transaction: the old time is given back only together with the new one. `again` is what was
    answered before the database forgot it: that is booked, and nobody is sought."""
    act = message.act
    begun = await acts.begin(session, act)
    ticket = begun.ticket
    if begun.done:
        technician_id = str(begun.done.details["technician"]) or None
        return _found(ticket, technician_id, int(begun.done.details["sequence"]))
    before, released = ticket.status, ticket.technician_id or ""
    if again is None:
        placed = await _placed(session, message, ticket)
    else:
        placed = await _placed_as_before(session, message, ticket, again)
    if placed is None:
        return _found(ticket, ticket.technician_id, ticket.sequence, changed=False)
    start, end, choice = placed
    ticket.appointment_start, ticket.appointment_end = start, end
    ticket.technician_id, ticket.assignment = choice.technician_id, choice.reasons
    ticket.status = Status.SCHEDULED if choice.technician_id else Status.TO_ASSIGN
    ticket.flexible = message.flexible and choice.technician_id is None
    renew(ticket)
    if message.ruling is not None:
        await record_ruling(session, ticket, message.ruling)
    acts.record(
        session,
        act,
        message.cause.value,
        before,
        ticket.status,
        session=message.session,
        released=released,
        technician=ticket.technician_id or "",
        start=start.isoformat(),
        sequence=ticket.sequence,
        submission=message.submission_id,
    )
    return _found(ticket, ticket.technician_id, ticket.sequence)


def renew(ticket: Ticket) -> None:
    """Another appointment: what was confirmed, called and said for the one before is void."""
    ticket.sequence += 1
    ticket.client_code, ticket.technician_code = code(), code()
    ticket.wrong_codes, ticket.acknowledged_at, ticket.called_at = 0, None, None


def code() -> str:
    """Four digits that are said on the phone. Chance is right here: the step is done once."""
    return f"{secrets.randbelow(10_000):04d}"


async def release(session: AsyncSession, ticket: str, number: int) -> None:
    """Give back the time booked for that session of the ticket."""
    await session.execute(
        delete(Booking)
        .where(Booking.ticket == ticket, Booking.session == number)
        .execution_options(synchronize_session=False)
    )


async def place(session: AsyncSession, ticket: Ticket, wanted: Wanted) -> Choice:
    """Book the preferred technician if they are free, else the fairest who is. The database has the last
    word: one taken meanwhile is passed over and the next is tried."""
    taken: set[str] = set()
    while True:
        able = await candidates(session, ticket.skill, wanted.start, wanted.end, wanted.now)
        able = strike_out(able, wanted.struck_out)
        able = [replace(one, free=one.free and one.technician_id not in taken) for one in able]
        choice = choose(able, ticket.required_level, preferred=wanted.preferred)
        chosen, reasons = choice.technician_id, wanted.struck_out | choice.reasons
        if chosen is None or (wanted.only_preferred and chosen != wanted.preferred):
            return Choice(None, reasons)
        try:
            async with session.begin_nested():
                session.add(_booking(ticket, wanted.session, wanted.start, wanted.end, chosen))
        except IntegrityError:
            taken.add(chosen)
        else:
            return Choice(chosen, reasons)


async def _placed(
    session: AsyncSession, message: FindTechnician, ticket: Ticket
) -> tuple[datetime, datetime, Choice] | None:
    """When and who; None when nothing is to change."""
    nothing_lost = await session.begin_nested()
    await release(session, ticket.number, message.session)
    if message.cause in FORGETS:
        # What the client holds may be the very time that is asked for.
        await holds.drop(session, ticket.client_id, message.act.at)
    else:
        await holds.delete_expired(session, message.act.at)
    struck_out = {} if message.cause in FORGETS else _struck_out(ticket, message)
    choice = Choice(None, struck_out)
    for start, end in await _times(session, message, ticket):
        choice = await place(session, ticket, _wanted(message, start, end, struck_out))
        if choice.technician_id:
            await nothing_lost.commit()
            return start, end, choice
    if message.keep_if_nobody or message.only_preferred:
        await nothing_lost.rollback()
        return None
    await nothing_lost.commit()
    return message.start, message.end, choice


async def _placed_as_before(
    session: AsyncSession, message: FindTechnician, ticket: Ticket, again: Found
) -> tuple[datetime, datetime, Choice]:
    await release(session, ticket.number, message.session)
    struck_out = {} if message.cause in FORGETS else _struck_out(ticket, message)
    if again.technician_id is None:
        return again.start, again.end, Choice(None, struck_out)
    choice = await book_as_before(
        session, ticket, message.session, again.start, again.end, again.technician_id
    )
    return again.start, again.end, Choice(choice.technician_id, struck_out | choice.reasons)


async def book_as_before(
    session: AsyncSession, ticket: Ticket, number: int, start: datetime, end: datetime, technician_id: str
) -> Choice:
    """Who was booked before the database forgot it is booked again, whoever else may be free. Raises
    `IntegrityError` where their time is somebody else's by now."""
    session.add(_booking(ticket, number, start, end, technician_id))
    await session.flush()
    return Choice(technician_id, {technician_id: "chosen"})


def _booking(ticket: Ticket, number: int, start: datetime, end: datetime, technician_id: str) -> Booking:
    return Booking(
        technician_id=technician_id,
        during=Range(start, end),
        state=BookingState.BOOKED,
        skill=ticket.skill,
        ticket=ticket.number,
        session=number,
    )


async def _times(
    session: AsyncSession, message: FindTechnician, ticket: Ticket
) -> list[tuple[datetime, datetime]]:
    if not message.flexible:
        return [(message.start, message.end)]
    length = message.end - message.start
    return await first_times(
        session, ticket, message.start, length, message.act.at, message.hours, message.slot_rules
    )


def _wanted(message: FindTechnician, start: datetime, end: datetime, struck_out: dict[str, str]) -> Wanted:
    return Wanted(
        message.session, start, end, message.act.at, struck_out, message.preferred, message.only_preferred
    )


def _struck_out(ticket: Ticket, message: FindTechnician) -> dict[str, str]:
    """Never the same one twice, unless the back office says so by name."""
    out = {who: why for who, why in ticket.assignment.items() if why in STRUCK_OUT}
    if ticket.technician_id and message.cause in REASON:
        out[ticket.technician_id] = REASON[message.cause]
    if message.only_preferred and message.preferred:
        out.pop(message.preferred, None)
    return out


async def first_times(
    session: AsyncSession,
    ticket: Ticket,
    start: datetime,
    length: timedelta,
    now: datetime,
    hours: OpeningHours,
    rules: SlotRules,
) -> list[tuple[datetime, datetime]]:
    """The first times from `start` on at which anybody is free for that long."""
    horizon = now + rules.horizon
    found = free_slots(
        rules=rules,
        hours=hours,
        busy=await busy(
            session, ticket.skill, now, horizon + length, now, ticket.client_id, ticket.required_level
        ),
        length=length,
        now=now,
        start=max(now, start),
        end=horizon,
        at_most=SLOTS_TRIED,
    )
    return [(slot.start, slot.end) for slot in found]


def _found(ticket: Ticket, technician_id: str | None, sequence: int, *, changed: bool = True) -> Found:
    return Found(changed, technician_id, ticket.appointment_start, ticket.appointment_end, sequence)
