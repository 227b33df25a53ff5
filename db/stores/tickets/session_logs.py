"""The evidence of a session's length: what to ask the log of remote control, and what it told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.session_logs import SessionLogEntry
from db.models.tickets import Consent, Session, Submission
from domain.availability import Interval
from domain.session_log import LoggedSession


@dataclass(frozen=True)
class Stamped:
    """A session by our own stamps, and the AnyDesk id that its client gave."""

    # Left out wherever this is shown: it leads to a person.
    anydesk_id: str = field(repr=False)
    started_at: datetime
    ended_at: datetime | None


async def find_stamped(session: AsyncSession, ticket: str, number: int) -> Stamped | None:
    """None for a session that has not begun, without consent, or whose AnyDesk id has been erased.

    Of several consents (the appointment was moved) the last one is that of the session.
    """
    query = (
        select(Session, Submission.body)
        .join(Consent, (Consent.ticket == Session.ticket) & (Consent.session == Session.number))
        .join(Submission, Submission.id == Consent.submission_id)
        .where(Session.ticket == ticket, Session.number == number)
        .order_by(Consent.sequence.desc())
        .limit(1)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    stamped, body = row
    anydesk_id = body.get("anydesk_id")
    return Stamped(anydesk_id, stamped.started_at, stamped.ended_at) if anydesk_id else None


async def record(
    session: AsyncSession, ticket: str, number: int, logged: Iterable[LoggedSession], read_at: datetime
) -> None:
    """Keep what was logged. What is known already stays as it was read first."""
    rows = [
        {
            "ticket": ticket,
            "session": number,
            "reference": one.reference,
            "started_at": one.started_at,
            "ended_at": one.ended_at,
            "seconds": one.seconds,
            "read_at": read_at,
        }
        for one in logged
    ]
    if rows:
        await session.execute(insert(SessionLogEntry).values(rows).on_conflict_do_nothing())


async def intervals(session: AsyncSession, ticket: str, number: int) -> Sequence[Interval]:
    """When remote control was logged during this session, by all that has ever been read."""
    query = select(SessionLogEntry.started_at, SessionLogEntry.ended_at).where(
        SessionLogEntry.ticket == ticket, SessionLogEntry.session == number
    )
    return [(start, end) for start, end in await session.execute(query)]
