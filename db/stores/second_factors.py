"""Authenticators enrolled, reset, and their codes used; sign-ins that wait for one."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.second_factors import Authenticator, PendingSignIn, RecoveryCode, WrongCode
from db.models.sign_ins import SignIn
from domain.second_factors import PENDING_KEPT, WRONG_CODES_KEPT


async def lock(session: AsyncSession, person_id: str) -> None:
    """Until the end of the transaction: of two codes at once the second is looked at after the first."""
    held = f"second factor {person_id}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(held, 0))))


async def begin_pending(
    session: AsyncSession, person_id: str, secret_hash: str, at: datetime, offer: tuple[str, bytes] | None
) -> None:
    """`offer` is a sealed secret to enrol, and the id of the key it is sealed under."""
    key_id, sealed = offer or (None, None)
    await session.execute(
        insert(PendingSignIn).values(
            person_id=person_id,
            secret_hash=secret_hash,
            began_at=at,
            offer_key_id=key_id,
            offer_sealed=sealed,
        )
    )


async def use_pending(session: AsyncSession, pending_id: str, at: datetime) -> None:
    await session.execute(update(PendingSignIn).where(PendingSignIn.id == pending_id).values(used_at=at))


async def note_step(session: AsyncSession, person_id: str, step: int) -> None:
    """No code of that step or of one before counts again."""
    await session.execute(
        update(Authenticator).where(Authenticator.person_id == person_id).values(last_step=step)
    )


async def use_recovery_code(session: AsyncSession, person_id: str, code_hash: str, at: datetime) -> bool:
    """False when it is none of theirs, or was used."""
    used = await session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.hash == code_hash,
            RecoveryCode.person_id == person_id,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.hash)
    )
    return used is not None


async def count_wrong_code(session: AsyncSession, person_id: str, at: datetime) -> None:
    await session.execute(insert(WrongCode).values(person_id=person_id, at=at))


async def enrol(
    session: AsyncSession,
    person_id: str,
    sealed: tuple[str, bytes],
    step: int,
    code_hashes: Iterable[str],
    at: datetime,
) -> None:
    """From now on that one and its recovery codes count, and nothing from before: neither an authenticator,
    nor a sign-in, nor one that waits."""
    await remove(session, person_id, at)
    key_id, content = sealed
    await session.execute(
        insert(Authenticator).values(
            person_id=person_id, key_id=key_id, sealed=content, last_step=step, confirmed_at=at
        )
    )
    await session.execute(
        insert(RecoveryCode), [{"hash": code_hash, "person_id": person_id} for code_hash in code_hashes]
    )


async def remove(session: AsyncSession, person_id: str, at: datetime) -> None:
    """Their next sign-in begins with an enrolment. All that were begun are over."""
    await session.execute(delete(Authenticator).where(Authenticator.person_id == person_id))
    await session.execute(
        update(PendingSignIn)
        .where(PendingSignIn.person_id == person_id, PendingSignIn.used_at.is_(None))
        .values(used_at=at)
    )
    await session.execute(
        update(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None)).values(revoked_at=at)
    )


async def forget(session: AsyncSession, at: datetime) -> int:
    """Delete what can be good for nobody any more; how many."""
    pending = await session.scalars(
        delete(PendingSignIn).where(PendingSignIn.began_at < at - PENDING_KEPT).returning(PendingSignIn.id)
    )
    wrong = await session.scalars(
        delete(WrongCode).where(WrongCode.at < at - WRONG_CODES_KEPT).returning(WrongCode.id)
    )
    return len(pending.all()) + len(wrong.all())
