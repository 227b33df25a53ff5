"""What people want to be told and how, and where an SMS would reach them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.notifications import MessagePreferences
from db.models.tickets import Submission, Ticket


@dataclass(frozen=True)
class Preferences:
    """`phone` is E.164."""

    sms: bool = True
    reminders: bool = True
    phone: str | None = None


async def preferences_of(session: AsyncSession, person_id: str) -> Preferences:
    """Who has chosen nothing is told everything."""
    row = await session.get(MessagePreferences, person_id)
    return Preferences() if row is None else Preferences(row.sms, row.reminders, row.phone)


async def phone_of_request(session: AsyncSession, ticket: str) -> str | None:
    """The number that the client gave with the request; None once it is erased."""
    given = await session.scalar(
        select(Submission.body)
        .join(Ticket, Ticket.request_id == Submission.id)
        .where(Ticket.number == ticket)
    )
    return given.get("phone") if given else None
