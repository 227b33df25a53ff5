"""The webhook inbox, looked at by people."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.webhooks import WebhookEvent, WebhookState


async def parked_events(session: AsyncSession, limit: int) -> Sequence[WebhookEvent]:
    """Those that nobody could be told of, oldest first."""
    query = (
        select(WebhookEvent)
        .where(WebhookEvent.state == WebhookState.PARKED)
        .order_by(WebhookEvent.received_at, WebhookEvent.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def heard_since(session: AsyncSession, since: datetime) -> Sequence[WebhookEvent]:
    """Those that came since then and that somebody was told of, oldest first."""
    query = (
        select(WebhookEvent)
        .where(WebhookEvent.state == WebhookState.DONE, WebhookEvent.received_at >= since)
        .order_by(WebhookEvent.received_at, WebhookEvent.id)
    )
    return (await session.scalars(query)).all()
