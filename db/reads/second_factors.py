"""What a person of the team has to show, and who is about to."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.second_factors import Authenticator, PendingSignIn, RecoveryCode, WrongCode
from domain.second_factors import PENDING_LASTS, WRONG_CODES


async def authenticator_of(session: AsyncSession, person_id: str) -> Authenticator | None:
    # Its row may have changed since it was first read in this session.
    return await session.get(Authenticator, person_id, populate_existing=True)


async def recovery_codes_left(session: AsyncSession, person_id: str) -> int:
    query = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return await session.scalar(query) or 0


async def find_pending(session: AsyncSession, secret_hash: str, at: datetime) -> PendingSignIn | None:
    """None when there is no such one, when it was used, and when it has expired."""
    return await session.scalar(
        select(PendingSignIn)
        .where(
            PendingSignIn.secret_hash == secret_hash,
            PendingSignIn.used_at.is_(None),
            PendingSignIn.began_at > at - PENDING_LASTS,
        )
        .execution_options(populate_existing=True)
    )


async def refused_until(session: AsyncSession, person_id: str, at: datetime) -> datetime | None:
    """When the next code may be typed; None while there are no more wrong ones than may be."""
    until = None
    for window, most in WRONG_CODES:
        recent = select(WrongCode.at).where(WrongCode.person_id == person_id, WrongCode.at > at - window)
        oldest = await session.scalar(recent.order_by(WrongCode.at.desc()).offset(most - 1).limit(1))
        if oldest is not None:
            until = max(until or oldest + window, oldest + window)
    return until
