"""Applications of technicians: made by strangers, decided by the back office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.admissions import Application
from db.stores.asking_limits import refuse_too_many


@dataclass(frozen=True)
class Applied:
    """Who applies and with what; see `Application`."""

    name: str
    mail: str
    skills: Mapping[str, int]
    text: str
    privacy: str
    mail_mark: str
    network_mark: str
    at: datetime


async def apply(session: AsyncSession, applied: Applied) -> str:
    """The id of the application. Raises `TooManyLinks`, and then nothing is written. Whether somebody has
    that address already is not even looked at."""
    await refuse_too_many(session, Application, applied.mail_mark, applied.network_mark, applied.at)
    row = Application(
        name=applied.name,
        mail=applied.mail,
        skills=dict(applied.skills),
        text=applied.text,
        privacy=applied.privacy,
        mail_mark=applied.mail_mark,
        network_mark=applied.network_mark,
        asked_at=applied.at,
    )
    session.add(row)
    await session.flush()
    return row.id


async def withdraw(session: AsyncSession, application_id: str) -> None:
    """As if it had never been made."""
    await session.execute(delete(Application).where(Application.id == application_id))


async def locked(session: AsyncSession, application_id: str) -> Application | None:
    """Nobody else decides it until the commit."""
    return await session.get(Application, application_id, with_for_update=True)


def accept(application: Application, technician_id: str, by: str, at: datetime) -> None:
    application.technician_id, application.decided_by, application.decided_at = technician_id, by, at


def refuse(application: Application, reason: str, by: str, at: datetime) -> None:
    application.reason, application.decided_by, application.decided_at = reason, by, at
