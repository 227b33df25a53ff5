"""How often strangers may ask for a mail: for one address, and from one network."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from db.models.admissions import Application, SignUp
from db.models.sign_ins import SignInLink
from domain.sign_ins import LIMIT_WINDOW, LINKS_PER_MAIL, LINKS_PER_NETWORK


class TooManyLinks(Exception):
    """Of one address, or from one network; `until` is when the next one may be asked for."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many links")
        self.until = until


Marked = type[SignInLink] | type[SignUp] | type[Application]


async def refuse_too_many(
    session: AsyncSession, asked_of: Marked, mail_mark: str, network_mark: str, at: datetime
) -> None:
    """Raises `TooManyLinks`. Until the commit nobody else asks for that address or from that network, or two
    could be the last one allowed. Each table counts for itself."""
    for held in sorted((mail_mark, network_mark)):
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(held, 0))))
    limits = (
        (asked_of.mail_mark, mail_mark, LINKS_PER_MAIL),
        (asked_of.network_mark, network_mark, LINKS_PER_NETWORK),
    )
    asked_at = asked_of.asked_at
    full = [
        until for limit in limits if (until := await _full_until(session, asked_at, *limit, at)) is not None
    ]
    if full:
        raise TooManyLinks(max(full))


async def _full_until(
    session: AsyncSession,
    asked_at: InstrumentedAttribute[datetime],
    column: InstrumentedAttribute[str],
    value: str,
    most: int,
    at: datetime,
) -> datetime | None:
    """When the oldest of the last `most` askings leaves the window; None when there were fewer."""
    recent = select(asked_at).where(column == value, asked_at > at - LIMIT_WINDOW)
    oldest = await session.scalar(recent.order_by(asked_at.desc()).offset(most - 1).limit(1))
    return None if oldest is None else oldest + LIMIT_WINDOW
