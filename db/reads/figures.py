"""What is counted of tickets and money for those who watch the service: a few cheap questions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.invariants import InvariantCheck
from db.models.payouts import Payout, PayoutRun, PayoutStatus, Statement
from db.models.tickets import Ticket
from db.models.webhooks import WebhookEvent, WebhookState
from domain.tickets import Status


@dataclass(frozen=True)
class PayoutFigure:
    month: str
    status: PayoutStatus
    count: int
    cents: int


@dataclass(frozen=True)
class CheckedFigures:
    """`violations` has the offending rows by invariant, as the last check found them."""

    at: datetime
    violations: dict[str, int]


@dataclass(frozen=True)
class PendingFigures:
    """Events of the provider that no workflow has heard of yet; `since` when the oldest came."""

    count: int
    since: datetime | None


async def open_tickets(session: AsyncSession) -> dict[Status, int]:
    query = (
        select(Ticket.status, func.count().label("number"))
        .where(Ticket.status != Status.CLOSED)
        .group_by(Ticket.status)
    )
    return {row.status: row.number for row in await session.execute(query)}


async def payout_figures(session: AsyncSession, since: str) -> list[PayoutFigure]:
    """Of the months from `since` on (YYYY-MM)."""
    due = func.sum(Statement.total_cents + Statement.vat_cents)
    query = (
        select(Statement.month, Payout.status, func.count(), due)
        .join(Payout, Payout.key == Statement.key)
        .where(Statement.month >= since)
        .group_by(Statement.month, Payout.status)
    )
    return [
        PayoutFigure(month, status, count, int(cents))
        for month, status, count, cents in await session.execute(query)
    ]


async def unfinished_runs(session: AsyncSession) -> int:
    query = select(func.count()).select_from(PayoutRun).where(PayoutRun.finished_at.is_(None))
    return int(await session.scalar(query) or 0)


async def checked_figures(session: AsyncSession) -> CheckedFigures | None:
    """None before the first check."""
    last = select(func.max(InvariantCheck.at)).scalar_subquery()
    query = select(InvariantCheck.at, InvariantCheck.name, InvariantCheck.total)
    rows = (await session.execute(query.where(InvariantCheck.at == last))).all()
    return CheckedFigures(rows[0].at, {name: total for _, name, total in rows}) if rows else None


async def pending_events(session: AsyncSession) -> PendingFigures:
    query = select(func.count(), func.min(WebhookEvent.received_at))
    count, since = (await session.execute(query.where(WebhookEvent.state == WebhookState.PENDING))).one()
    return PendingFigures(count, since)
