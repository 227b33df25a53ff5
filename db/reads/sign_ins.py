"""Who is signed in, and the links that lead there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.people import Person
from db.models.sign_ins import SignIn, SignInLink
from db.reads.people import KnownPerson
from db.stores.sign_ins import use_noted
from domain.second_factors import SecondFactor, needs_second_factor


@dataclass(frozen=True)
class SignedIn:
    """A sign-in that was not ended, and its person as the database knows them now. Whether it has become too
    old, `domain.sign_ins.is_over` says."""

    id: str
    person: KnownPerson
    began_at: datetime
    seen_at: datetime
    second_factor: SecondFactor | None = None

    @property
    def lacks_second_factor(self) -> bool:
        """Of the team, and begun without: by a client who has become a colleague since."""
        return needs_second_factor(self.person.role) and self.second_factor is None


@dataclass(frozen=True)
class LinkToSend:
    """A link that somebody who may sign in waits for."""

    id: str
    person_id: str
    name: str
    mail: str
    asked_at: datetime


async def signed_in_by_id(
    session: AsyncSession, sign_in_id: str, used_at: datetime | None = None
) -> SignedIn | None:
    """With `used_at` that use is noted: whoever then refuses the sign-in must not commit it."""
    return await _signed_in(session, SignIn.id == sign_in_id, used_at)


async def signed_in_by_secret(
    session: AsyncSession, secret_hash: str, used_at: datetime | None = None
) -> SignedIn | None:
    """As `signed_in_by_id`."""
    return await _signed_in(session, SignIn.secret_hash == secret_hash, used_at)


async def _signed_in(
    session: AsyncSession, which: ColumnElement[bool], used_at: datetime | None
) -> SignedIn | None:
    """None also for a closed account."""
    query = (
        select(SignIn, Person)
        .join(Person, Person.id == SignIn.person_id)
        .where(which, SignIn.revoked_at.is_(None), Person.active)
    )
    if used_at is not None:
        # One statement: each page asks it.
        query = query.add_cte(use_noted(which, used_at))
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    sign_in, person = row
    known = KnownPerson(person.id, person.role, person.name, person.mail)
    return SignedIn(sign_in.id, known, sign_in.began_at, sign_in.seen_at, sign_in.second_factor)


async def sign_ins_of(session: AsyncSession, person_id: str) -> list[SignIn]:
    """Those that were not ended, the last used first; some may be too old by now."""
    query = select(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
    return list(await session.scalars(query.order_by(SignIn.seen_at.desc(), SignIn.id.desc())))


async def find_link(session: AsyncSession, link_id: str) -> SignInLink | None:
    return await session.get(SignInLink, link_id)


async def link_to_send(session: AsyncSession, link_id: str) -> LinkToSend | None:
    """None when nobody is to be sent one: there is no such person, or not any more, or it was used."""
    query = (
        select(SignInLink, Person)
        .join(Person, Person.id == SignInLink.person_id)
        .where(SignInLink.id == link_id, SignInLink.used_at.is_(None), Person.active)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    link, person = row
    return LinkToSend(link.id, person.id, person.name, person.mail, link.asked_at)
