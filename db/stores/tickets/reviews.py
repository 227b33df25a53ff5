"""The client's opinion. Until the ticket is accepted it may be given anew; the last one counts."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import Review
from db.stores.tickets import acts
from domain.ticket_steps import RecordReview


async def record_review(session: AsyncSession, message: RecordReview) -> None:
    """An opinion that decides nothing."""
    begun = await acts.begin(session, message.act)
    if begun.done:
        return
    await put_review(session, message)
    status = begun.ticket.status
    acts.record(session, message.act, "review", status, status, stars=message.stars)


async def put_review(session: AsyncSession, message: RecordReview) -> None:
    """What the client thinks from now on. What they thought before is kept beside it."""
    given = await session.scalar(select(func.count()).where(Review.ticket == message.act.ticket))
    session.add(
        Review(
            ticket=message.act.ticket,
            number=(given or 0) + 1,
            stars=message.stars,
            submission_id=message.submission_id,
            given_at=message.act.at,
        )
    )
