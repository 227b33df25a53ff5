"""Holds: a technician's time kept for a client for some minutes, before there is a ticket.

The exclusion constraint decides who gets a slot. The advisory lock on a technician only keeps requests for
their time from waiting on each other in a circle, which Postgres would end by killing one of them. The one on
a client decides: a statement that has waited for a hold's row looks at the row again, but at everything else
as it was before, so it would not see that a ticket was asked with the hold meanwhile.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, cast, delete, exists, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import String

from db.models.requests import Request
from db.models.tickets import Booking, BookingState, Submission
from db.reads.candidates import candidates
from domain.matching import choose

HELD = Booking.state == BookingState.HELD


async def hold(
    session: AsyncSession,
    *,
    client_id: str,
    skill: str,
    start: datetime,
    end: datetime,
    now: datetime,
    expires_at: datetime,
    required_level: int = 1,
) -> Booking | None:
    """Hold the fairest technician who can work and is free for all of [start, end); None when there is none.

    It replaces what the client held before, unless a ticket was already asked with that.
    """
    await drop(session, client_id, now)
    able = await candidates(session, skill, start, end, now)
    while (choice := choose(able, required_level)).technician_id is not None:
        chosen = choice.technician_id
        held = Booking(
            technician_id=chosen,
            during=Range(start, end),
            state=BookingState.HELD,
            held_by=client_id,
            skill=skill,
            hold_expires_at=expires_at,
        )
        if await _insert(session, held):
            return held
        able = [replace(one, free=one.free and one.technician_id != chosen) for one in able]
    return None


async def drop(session: AsyncSession, client_id: str, now: datetime) -> None:
    """Give back what the client holds for no ticket, and what anybody held for too long."""
    await _one_at_a_time(session, f"client {client_id}")
    await delete_expired(session, now)
    await session.execute(delete(Booking).where(HELD, Booking.held_by == client_id, ~_given_to_a_ticket()))


async def delete_expired(session: AsyncSession, now: datetime) -> None:
    """Those that another transaction has in hand are passed over."""
    expired = select(Booking.id).where(HELD, Booking.hold_expires_at <= now).with_for_update(skip_locked=True)
    await session.execute(
        delete(Booking).where(Booking.id.in_(expired)).execution_options(synchronize_session=False)
    )


async def release(
    session: AsyncSession, technician_id: str, can_keep: Callable[[datetime, datetime], bool]
) -> None:
    """Give up the holds of a technician who can no longer keep them: whoever holds one is offered another
    technician, or another time."""
    held = await session.scalars(
        select(Booking).where(HELD, Booking.technician_id == technician_id).with_for_update()
    )
    for one in held:
        start, end = one.during.lower, one.during.upper
        if start is None or end is None or not can_keep(start, end):
            await session.delete(one)
    await session.flush()


async def live_hold(
    session: AsyncSession, client_id: str, skill: str, start: datetime, end: datetime, now: datetime
) -> Booking | None:
    """What the client holds at exactly that time, if it has not expired."""
    return await session.scalar(
        select(Booking).where(
            HELD,
            Booking.held_by == client_id,
            Booking.skill == skill,
            Booking.during == Range(start, end),
            Booking.hold_expires_at > now,
        )
    )


async def take_for_ticket(
    session: AsyncSession, hold_id: str, client_id: str, now: datetime, until: datetime
) -> Booking | None:
    """Keep the client's hold for the ticket being asked, at least `until`. None when it expired, when it is
    not theirs, or when another ticket was asked with it. The client's other requests wait until the commit,
    so that of two tickets asked at once with one hold only one gets it, and a new hold spares it."""
    await _one_at_a_time(session, f"client {client_id}")
    held = await session.scalar(
        select(Booking)
        .where(HELD, Booking.id == hold_id, Booking.held_by == client_id, Booking.hold_expires_at > now)
        .with_for_update()
    )
    if held is None or await session.scalar(
        select(Booking.id).where(Booking.id == hold_id, _given_to_a_ticket())
    ):
        return None
    held.hold_expires_at = max(held.hold_expires_at or until, until)
    await session.flush()
    return held


async def keep_for_retry(session: AsyncSession, hold_id: str, client_id: str, until: datetime) -> None:
    """The same ticket asked again: its hold, if it is still there, must not run out meanwhile."""
    await _one_at_a_time(session, f"client {client_id}")
    held = await session.scalar(
        select(Booking).where(HELD, Booking.id == hold_id, Booking.held_by == client_id).with_for_update()
    )
    if held is not None:
        held.hold_expires_at = max(held.hold_expires_at or until, until)


def _given_to_a_ticket() -> ColumnElement[bool]:
    """Whether a ticket was asked with the hold. The ticket itself may not exist yet."""
    return exists(
        select(Request.key)
        .join(Submission, Submission.id == Request.submission_id)
        .where(
            Request.actor_id == Booking.held_by,
            Request.ticket.is_not(None),
            Submission.body["hold_id"].astext == cast(Booking.id, String),
        )
    )


async def _insert(session: AsyncSession, held: Booking) -> bool:
    """False when somebody else has the technician's time, or was let through instead of us."""
    try:
        async with session.begin_nested():
            await _one_at_a_time(session, f"technician {held.technician_id}")
            session.add(held)
    except IntegrityError:
        return False
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != "40P01":
            raise
        return False
    return True


async def _one_at_a_time(session: AsyncSession, what: str) -> None:
    """Wait for the other transactions that hold the same; until the end of ours (or of its savepoint)."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))
