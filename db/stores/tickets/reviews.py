"""The client's opinion. It may be changed until the ticket is accepted."""

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
    """The one review of the ticket, as it is from now on."""
    review = await session.get(Review, message.act.ticket)
    if review is None:
        review = Review(ticket=message.act.ticket)
        session.add(review)
    review.stars, review.submission_id, review.given_at = message.stars, message.submission_id, message.act.at
