"""Strangers who sign up, and what each client agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.admissions import AcceptanceOfText, Application, SignUp
from db.stores.asking_limits import refuse_too_many
from domain.admissions import APPLICATIONS_KEPT, SIGN_UP_LASTS, AcceptedText


@dataclass(frozen=True)
class SignUpAsked:
    """Who asks, as far as it is kept; see `SignUp`."""

    name: str
    mail: str
    terms: str
    privacy: str
    mail_mark: str
    network_mark: str
    browser_hash: str
    at: datetime


async def ask_to_sign_up(session: AsyncSession, asked: SignUpAsked) -> str:
    """The id of the sign-up. Raises `TooManyLinks`, and then nothing is written. Whether somebody has that
    address already is not even looked at."""
    await refuse_too_many(session, SignUp, asked.mail_mark, asked.network_mark, asked.at)
    row = SignUp(
        name=asked.name,
        mail=asked.mail,
        terms=asked.terms,
        privacy=asked.privacy,
        mail_mark=asked.mail_mark,
        network_mark=asked.network_mark,
        browser_hash=asked.browser_hash,
        asked_at=asked.at,
    )
    session.add(row)
    await session.flush()
    return row.id


async def withdraw_sign_up(session: AsyncSession, sign_up_id: str) -> None:
    """As if it had never been asked for."""
    await session.execute(delete(SignUp).where(SignUp.id == sign_up_id))


async def use_sign_up(session: AsyncSession, sign_up_id: str, at: datetime) -> SignUp | None:
    """Use its link up. None when it was used, has expired, or is none: then nothing is written."""
    return await session.scalar(
        update(SignUp)
        .where(SignUp.id == sign_up_id, SignUp.asked_at > at - SIGN_UP_LASTS, SignUp.used_at.is_(None))
        .values(used_at=at)
        .returning(SignUp)
    )


async def forget(session: AsyncSession, at: datetime) -> int:
    """Delete the sign-ups whose link has expired, used or not, and old applications; how many."""
    sign_ups = await session.scalars(
        delete(SignUp).where(SignUp.asked_at < at - SIGN_UP_LASTS).returning(SignUp.id)
    )
    last_word = func.coalesce(Application.decided_at, Application.asked_at)
    applications = await session.scalars(
        delete(Application).where(last_word < at - APPLICATIONS_KEPT).returning(Application.id)
    )
    return len(sign_ups.all()) + len(applications.all())


async def accept_texts(
    session: AsyncSession,
    person_id: str,
    versions: Mapping[AcceptedText, str],
    at: datetime,
    recorded_by: str | None = None,
) -> None:
    """What was accepted before stays as it was. `recorded_by` is the person, unless it is somebody else."""
    for text, version in versions.items():
        await session.execute(
            insert(AcceptanceOfText)
            .values(
                person_id=person_id,
                text=text,
                version=version,
                accepted_at=at,
                recorded_by=recorded_by or person_id,
            )
            .on_conflict_do_nothing()
        )
