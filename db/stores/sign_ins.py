"""Links asked for and used, people signed in and out, refresh tokens exchanged."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, ColumnElement, Update, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.sign_ins import RefreshToken, SignIn, SignInLink
from db.stores import second_factors
from db.stores.asking_limits import refuse_too_many
from domain.second_factors import SecondFactor
from domain.sign_ins import KEPT, LINK_LASTS, LINKS_KEPT, NOTED_EVERY


@dataclass(frozen=True)
class Asked:
    """Who asks for a link, as far as it is kept. `person_id` is None for an address that nobody has."""

    person_id: str | None
    mail_mark: str
    network_mark: str
    browser_hash: str
    at: datetime


async def ask_for_link(session: AsyncSession, asked: Asked) -> str:
    """The id of the new link. Raises `TooManyLinks`, and then nothing is written. Whether there is such a
    person makes no difference."""
    await refuse_too_many(session, SignInLink, asked.mail_mark, asked.network_mark, asked.at)
    values = {
        "person_id": asked.person_id,
        "mail_mark": asked.mail_mark,
        "network_mark": asked.network_mark,
        "browser_hash": asked.browser_hash,
        "asked_at": asked.at,
    }
    return (await session.scalars(insert(SignInLink).values(values).returning(SignInLink.id))).one()


async def withdraw_link(session: AsyncSession, link_id: str) -> None:
    """As if it had never been asked for."""
    await session.execute(delete(SignInLink).where(SignInLink.id == link_id))


async def use_link(session: AsyncSession, link_id: str, browser_hash: str, at: datetime) -> str | None:
    """Use it up; the id of the person it is for. None when it was used, has expired, or is another browser's:
    then nothing is written."""
    return await session.scalar(
        update(SignInLink)
        .where(
            SignInLink.id == link_id,
            SignInLink.person_id.is_not(None),
            SignInLink.browser_hash == browser_hash,
            SignInLink.asked_at > at - LINK_LASTS,
            SignInLink.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(SignInLink.person_id)
    )


async def begin(
    session: AsyncSession,
    person_id: str,
    secret_hash: str,
    device: str,
    at: datetime,
    factor: SecondFactor | None = None,
) -> str:
    """Sign a person in; the id of the sign-in. `factor` is how the second factor was shown, if it was."""
    values = {
        "person_id": person_id,
        "secret_hash": secret_hash,
        "device": device[:200],
        "began_at": at,
        "seen_at": at,
        "second_factor": factor,
        "second_factor_at": at if factor else None,
    }
    rows = await session.scalars(insert(SignIn).values(values).returning(SignIn.id))
    return rows.one()


async def note_use(session: AsyncSession, sign_in_id: str, at: datetime) -> None:
    """Of requests side by side only the first one writes."""
    await session.execute(_noting(SignIn.id == sign_in_id, at))


def use_noted(which: ColumnElement[bool], at: datetime) -> CTE:
    """As `note_use`, within the statement that looks the sign-in up: that is answered as it was before."""
    return _noting(which, at).returning(SignIn.id).cte("noted")


def _noting(which: ColumnElement[bool], at: datetime) -> Update:
    return (
        update(SignIn)
        .where(which, SignIn.revoked_at.is_(None), SignIn.seen_at <= at - NOTED_EVERY)
        .values(seen_at=at)
    )


async def revoke(session: AsyncSession, sign_in_id: str, at: datetime) -> None:
    """End a sign-in: its cookie and its tokens are good for nothing from now on. Twice is once."""
    await session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.revoked_at.is_(None)).values(revoked_at=at)
    )


async def add_refresh_token(session: AsyncSession, sign_in_id: str, token_hash: str, at: datetime) -> None:
    await session.execute(insert(RefreshToken).values(hash=token_hash, sign_in_id=sign_in_id, issued_at=at))


async def use_refresh_token(session: AsyncSession, token_hash: str, at: datetime) -> str | None:
    """Use it up; the id of its sign-in. None for an unknown one, and for one that was used before: then the
    sign-in is revoked too, for somebody else has its tokens. To be committed in any case."""
    # Locked, so that of two at the same time the second finds it used.
    token = await session.scalar(
        select(RefreshToken).where(RefreshToken.hash == token_hash).with_for_update()
    )
    if token is None:
        return None
    if token.used_at is not None:
        await revoke(session, token.sign_in_id, at)
        return None
    token.used_at = at
    return token.sign_in_id


async def forget(session: AsyncSession, at: datetime) -> int:
    """Delete the links and sign-ins that are over for everybody, refresh tokens with them, and what is left
    of second factors; how many."""
    links = await session.scalars(
        delete(SignInLink).where(SignInLink.asked_at < at - LINKS_KEPT).returning(SignInLink.id)
    )
    over = await session.scalars(delete(SignIn).where(SignIn.began_at < at - KEPT).returning(SignIn.id))
    return len(links.all()) + len(over.all()) + await second_factors.forget(session, at)
