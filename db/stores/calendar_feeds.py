"""The one address of a technician's agenda: opened, renewed by opening it again, closed."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.availability import CalendarFeed


async def feed_opened_at(session: AsyncSession, technician_id: str) -> datetime | None:
    """None while there is none."""
    return await session.scalar(
        select(CalendarFeed.opened_at).where(CalendarFeed.technician_id == technician_id)
    )


async def open_feed(session: AsyncSession, technician_id: str, at: datetime) -> None:
    """The addresses of before are good for nothing from now on."""
    await session.execute(
        insert(CalendarFeed)
        .values(technician_id=technician_id, opened_at=at)
        .on_conflict_do_update(index_elements=["technician_id"], set_={"opened_at": at})
    )


async def close_feed(session: AsyncSession, technician_id: str) -> None:
    await session.execute(delete(CalendarFeed).where(CalendarFeed.technician_id == technician_id))
