"""The webhook inbox: events kept before they are answered, and handed out to the dispatcher.

Its times are technical (when to try again), so they are the database's own clock.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.webhooks import FoundBy, WebhookEvent, WebhookState


async def keep(
    session: AsyncSession,
    event_id: str,
    kind: str,
    subject: dict[str, str],
    found_by: FoundBy = FoundBy.NOTICE,
) -> bool:
    """False when the event was already here: the provider delivers at least once."""
    inserted = await session.scalar(
        insert(WebhookEvent)
        .values(id=event_id, type=kind, subject=subject, state=WebhookState.PENDING, found_by=found_by)
        .on_conflict_do_nothing()
        .returning(WebhookEvent.id)
    )
    return inserted is not None


async def due_events(session: AsyncSession, limit: int) -> Sequence[WebhookEvent]:
    """Pending events whose time has come, oldest first, locked until the end of the transaction. Those that
    another dispatcher has in hand are passed over."""
    query = (
        select(WebhookEvent)
        .where(WebhookEvent.state == WebhookState.PENDING, WebhookEvent.next_attempt_at <= func.now())
        .order_by(WebhookEvent.next_attempt_at, WebhookEvent.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def mark_done(session: AsyncSession, event_id: str) -> None:
    await _change(session, event_id, state=WebhookState.DONE)


async def park(session: AsyncSession, event_id: str) -> None:
    """Give up on an event, and keep it to be looked at."""
    await _change(session, event_id, state=WebhookState.PARKED)


async def postpone(session: AsyncSession, event_id: str, delay: timedelta) -> None:
    """From this very moment on: `now()` would be the transaction's start, before the attempt that failed."""
    await _change(session, event_id, next_attempt_at=func.clock_timestamp() + delay)


async def try_again(session: AsyncSession, event_id: str | None = None) -> int:
    """Hand parked events out once more, all of them or one: a release may know now what to do with them.
    Answers how many."""
    parked = WebhookEvent.state == WebhookState.PARKED
    wanted = parked if event_id is None else parked & (WebhookEvent.id == event_id)
    changed = await session.scalars(
        update(WebhookEvent)
        .where(wanted)
        .values(state=WebhookState.PENDING, next_attempt_at=func.now())
        .returning(WebhookEvent.id)
    )
    return len(changed.all())


async def hand_out_again(session: AsyncSession, event_ids: Collection[str]) -> None:
    """Of whom they told may have forgotten it. They are hints: a repeated one is harmless."""
    await session.execute(
        update(WebhookEvent)
        .where(WebhookEvent.id.in_(event_ids))
        .values(state=WebhookState.PENDING, next_attempt_at=func.now())
        .execution_options(synchronize_session=False)
    )


async def _change(session: AsyncSession, event_id: str, **values: object) -> None:
    await session.execute(
        update(WebhookEvent)
        .where(WebhookEvent.id == event_id)
        .values(attempts=WebhookEvent.attempts + 1, **values)
        .execution_options(synchronize_session=False)
    )
