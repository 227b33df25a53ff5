"""People's idempotency keys: what was asked with each, so that a retry finds the first request again."""

from dataclasses import dataclass

from sqlalchemy import Sequence, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.requests import Request
from db.stores.accesses import record, record_once
from domain import ids
from domain.accesses import Entry

TICKET_SEQUENCE = Sequence("ticket_sequence")


class KeyReusedError(Exception):
    """The key already named another request of this person."""


@dataclass(frozen=True)
class Asking:
    """One request of one person: the key they gave it, the command (with what it is about), the body.
    `access` is its entry in the journal of accesses, if it is one of the team's acts."""

    actor_id: str
    key: str
    command: str
    body_hash: str
    access: Entry | None = None


@dataclass(frozen=True)
class Remembered:
    """`is_new` is false for a retry; then the other things are those of the first time."""

    is_new: bool
    ticket: str | None = None
    submission_id: str | None = None
    attachment_id: str | None = None


async def remember(session: AsyncSession, asking: Asking) -> Remembered:
    """Record the key, or find what it was first used for. A request still being recorded is waited for.
    An act of the team is entered with it; and again when it is sent again later, for its answer shows again.

    Raises `KeyReusedError` when it was used for another command or body.
    """
    inserted = await session.scalar(
        insert(Request)
        .values(actor_id=asking.actor_id, key=asking.key, command=asking.command, body_hash=asking.body_hash)
        .on_conflict_do_nothing()
        .returning(Request.key)
    )
    if inserted is not None:
        if asking.access is not None:
            await record(session, asking.access)
        return Remembered(is_new=True)
    known = await recall(session, asking)
    if known is None:
        raise AssertionError("a key can neither be recorded nor found")
    if asking.access is not None:
        await record_once(session, asking.access)
    return known


async def recall(session: AsyncSession, asking: Asking) -> Remembered | None:
    """What the key was first used for, without recording it; None when it is new. Raises `KeyReusedError`."""
    known = await session.scalar(
        select(Request).where(Request.actor_id == asking.actor_id, Request.key == asking.key)
    )
    if known is None:
        return None
    if (known.command, known.body_hash) != (asking.command, asking.body_hash):
        raise KeyReusedError
    return Remembered(False, known.ticket, known.submission_id, known.attachment_id)


async def command_of(session: AsyncSession, actor_id: str, key: str) -> str | None:
    """What this person's key was first used for; None when it is new."""
    return await session.scalar(
        select(Request.command).where(Request.actor_id == actor_id, Request.key == key)
    )


async def is_known(session: AsyncSession, asking: Asking) -> bool:
    """Whether the key was used before, for whatever it was."""
    query = select(Request.key).where(Request.actor_id == asking.actor_id, Request.key == asking.key)
    return await session.scalar(query) is not None


async def attach(
    session: AsyncSession,
    asking: Asking,
    *,
    submission_id: str | None = None,
    ticket: str | None = None,
    attachment_id: str | None = None,
) -> None:
    """Bind to the key what it brought into being, in the transaction that recorded it."""
    await session.execute(
        update(Request)
        .where(Request.actor_id == asking.actor_id, Request.key == asking.key)
        .values(submission_id=submission_id, ticket=ticket, attachment_id=attachment_id)
    )


async def reserve_number(session: AsyncSession) -> str:
    """A ticket number nobody had before. A rollback loses it, which is harmless: they need not be gapless."""
    return ids.ticket_number(await session.scalar(select(TICKET_SEQUENCE.next_value())) or 0)
