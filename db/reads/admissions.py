"""What clients agreed to, and the sign-ups that wait for their link to be opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.admissions import AcceptanceOfText, Application, SignUp
from db.models.people import Person
from domain.admissions import AcceptedText


@dataclass(frozen=True)
class SignUpToTell:
    """`known` is whether the address is somebody's by now, closed accounts included."""

    id: str
    mail: str
    asked_at: datetime
    known: bool


async def find_sign_up(session: AsyncSession, sign_up_id: str) -> SignUp | None:
    return await session.get(SignUp, sign_up_id)


async def sign_up_to_tell(session: AsyncSession, sign_up_id: str) -> SignUpToTell | None:
    """None when nobody waits for the mail: it was used, or has gone."""
    found = await session.get(SignUp, sign_up_id)
    if found is None or found.used_at is not None:
        return None
    owner = await session.scalar(select(Person.id).where(func.lower(Person.mail) == found.mail))
    return SignUpToTell(found.id, found.mail, found.asked_at, owner is not None)


async def has_accepted(session: AsyncSession, person_id: str, text: AcceptedText, version: str) -> bool:
    return await session.get(AcceptanceOfText, (person_id, text, version)) is not None


async def accepted_texts_of(session: AsyncSession, person_id: str) -> Sequence[AcceptanceOfText]:
    """The latest first."""
    query = select(AcceptanceOfText).where(AcceptanceOfText.person_id == person_id)
    latest = query.order_by(AcceptanceOfText.accepted_at.desc(), AcceptanceOfText.text)
    return (await session.scalars(latest)).all()


async def find_application(session: AsyncSession, application_id: str) -> Application | None:
    return await session.get(Application, application_id)


async def applications(
    session: AsyncSession, *, open_only: bool, after: tuple[datetime, str] | None, limit: int
) -> Sequence[Application]:
    """The oldest first; `after` is when the last one of the page before was made, and its id."""
    query = select(Application).order_by(Application.asked_at, Application.id).limit(limit)
    if open_only:
        query = query.where(Application.decided_at.is_(None))
    if after is not None:
        query = query.where(tuple_(Application.asked_at, Application.id) > after)
    return (await session.scalars(query)).all()
