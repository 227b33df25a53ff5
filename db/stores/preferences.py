"""What a person has chosen to be told."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.notifications import MessagePreferences
from db.reads.preferences import Preferences


async def choose(session: AsyncSession, person_id: str, chosen: Preferences, at: datetime) -> None:
    values = {
        "sms": chosen.sms,
        "reminders": chosen.reminders,
        "phone": chosen.phone,
        "chosen_at": at,
    }
    await session.execute(
        insert(MessagePreferences)
        .values(person_id=person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )
