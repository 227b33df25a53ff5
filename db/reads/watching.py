"""Whether what a page shows has changed since: a word that changes with it."""

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.documents import StoredDocument
from db.models.notifications import Notification
from db.models.payouts import Payout, PayoutRun, Statement
from db.models.tickets import JournalEntry, Ticket
from db.reads.cards import saved_card
from db.reads.people import KnownPerson
from db.reads.refused_mails import is_unnoted
from db.reads.relations import tickets_of


async def version_of_ticket(session: AsyncSession, number: str, person: KnownPerson) -> str | None:
    """None for a ticket that this person does not, or no longer, see."""
    seen = select(Ticket.number).where(Ticket.number == number, tickets_of(person)).scalar_subquery()
    acted = select(func.max(JournalEntry.recorded_at)).where(JournalEntry.ticket == number).scalar_subquery()
    documents = select(func.count()).where(StoredDocument.ticket == number).scalar_subquery()
    found, at, made = (await session.execute(select(seen, acted, documents))).one()
    return None if found is None else f"{at.timestamp() if at else 0:.6f}-{made}"


async def version_of_card(session: AsyncSession, client_id: str) -> str:
    card = await saved_card(session, client_id)
    return f"{card.saved_at.timestamp():.6f}" if card is not None and card.saved_at is not None else "none"


async def version_of_tickets(session: AsyncSession, person: KnownPerson) -> str:
    """Of all that this person sees: the last act on any of them."""
    acted = select(func.max(JournalEntry.recorded_at)).join(Ticket, Ticket.number == JournalEntry.ticket)
    at = await session.scalar(acted.where(tickets_of(person)))
    return f"{at.timestamp() if at else 0:.6f}"


async def version_of_queue(session: AsyncSession) -> str:
    """Of all tickets, and of the mails that wait to be noted."""
    acted = select(func.max(JournalEntry.recorded_at)).scalar_subquery()
    refused = (
        select(func.concat(func.count(), "-", func.max(Notification.refused_at)))
        .where(is_unnoted())
        .scalar_subquery()
    )
    at, mails = (await session.execute(select(acted, refused))).one()
    return f"{at.timestamp() if at else 0:.6f}-{mails}"


async def version_of_payouts(session: AsyncSession, month: str) -> str:
    """Of all that runs of the month have done so far."""
    runs = PayoutRun.month == month
    states = (
        select(
            func.string_agg(
                func.concat(Payout.status, Payout.attempts), aggregate_order_by(literal(","), Payout.key)
            )
        )
        .join(Statement, Statement.key == Payout.key)
        .where(Statement.month == month)
    )
    asked, finished, states_now = (
        await session.execute(
            select(
                select(func.count()).where(runs).scalar_subquery(),
                select(func.count(PayoutRun.finished_at)).where(runs).scalar_subquery(),
                func.md5(func.coalesce(states.scalar_subquery(), "")),
            )
        )
    ).one()
    return f"{asked}-{finished}-{states_now}"
