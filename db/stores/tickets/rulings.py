"""What the back office rules, beside whatever follows from it in the same transaction."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.disputes import GainRuling, Ruling
from db.models.tickets import Ticket
from db.stores.tickets import acts
from domain.ticket_steps import Resume, Rule
from domain.tickets import Status


async def resume(session: AsyncSession, message: Resume) -> None:
    """A ruling on a duration that nobody had accepted yet: the client reviews what was ruled."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    await record_ruling(session, begun.ticket, message.ruling)
    before, begun.ticket.status = begun.ticket.status, Status.IN_REVIEW
    acts.record(session, act, "ruling", before, begun.ticket.status, kind=message.ruling.kind.value)


async def record_ruling(session: AsyncSession, ticket: Ticket, rule: Rule) -> None:
    """The ruling and those on gains. A later suspension is to be taken over anew."""
    ruled = await session.scalar(select(func.count()).where(Ruling.ticket == ticket.number))
    number = (ruled or 0) + 1
    session.add(
        Ruling(
            ticket=ticket.number,
            number=number,
            kind=rule.kind,
            minutes=rule.minutes,
            submission_id=rule.submission_id,
            ruled_by=rule.act.actor.id,
            ruled_at=rule.act.at,
        )
    )
    await session.flush()
    session.add_all(
        GainRuling(
            ticket=ticket.number, session=gain.session, ruling=number, kind=gain.kind, minutes=gain.minutes
        )
        for gain in rule.gains
    )
    ticket.taken_over_by = ticket.taken_over_at = None
