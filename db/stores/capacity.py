"""Capacity events: handed out to the dispatcher, deleted once the tickets concerned have been told.

Their times are technical, so they are the database's own clock.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.availability import CapacityEvent, CapacityKind


async def pending(session: AsyncSession, limit: int, settled_for: timedelta) -> Sequence[CapacityEvent]:
    """Events at least that old, oldest first, locked until the end of the transaction. Those that another
    dispatcher has in hand are passed over."""
    query = (
        select(CapacityEvent)
        .where(CapacityEvent.recorded_at <= func.clock_timestamp() - settled_for)
        .order_by(CapacityEvent.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def forget(session: AsyncSession, events: Sequence[CapacityEvent]) -> None:
    await session.execute(
        delete(CapacityEvent)
        .where(CapacityEvent.id.in_([event.id for event in events]))
        .execution_options(synchronize_session=False)
    )


def lose(session: AsyncSession, technician_id: str) -> None:
    """Have the tickets with an appointment of theirs told that they may not keep it."""
    session.add(CapacityEvent(kind=CapacityKind.LOST, technician_id=technician_id))
