"""What was sent: a row before each mail, a stamp after it."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.notifications import Notification


@dataclass(frozen=True)
class Entered:
    """The message's id is the one first entered: it stays the same whatever has changed since."""

    message_id: str
    sent: bool


async def enter_notification(
    session: AsyncSession,
    *,
    key: str,
    ticket: str | None,
    kind: str,
    recipient_id: str | None,
    message_id: str,
) -> Entered:
    """Enter one mail to one recipient before it is sent. A second entry changes nothing.

    `ticket` is None for what is not about one, `recipient_id` for the back office's shared mailbox.
    """
    row = {
        "key": key,
        "ticket": ticket,
        "kind": kind,
        "recipient_id": recipient_id,
        "message_id": message_id,
    }
    await session.execute(insert(Notification).values(row).on_conflict_do_nothing())
    entered = (
        await session.execute(
            select(Notification.message_id, Notification.sent_at).where(Notification.key == key)
        )
    ).one()
    return Entered(message_id=entered.message_id, sent=entered.sent_at is not None)


async def record_sent(session: AsyncSession, key: str) -> None:
    """Stamp the mail as taken by the server, by the database's clock: no rule depends on it."""
    await session.execute(
        update(Notification)
        .where(Notification.key == key, Notification.sent_at.is_(None))
        .values(sent_at=func.now())
    )


async def record_refused(session: AsyncSession, key: str, code: int) -> None:
    """That the server will never take the mail; `code` is its SMTP reply."""
    await session.execute(
        update(Notification)
        .where(Notification.key == key, Notification.refused_at.is_(None))
        .values(refused_at=func.now(), refused_code=code)
    )


async def record_bounced(session: AsyncSession, message_id: str, code: int) -> bool | None:
    """That a mail which the server had taken came back; `code` is the SMTP reply that it tells. False when
    that was known, None when it is no mail of ours."""
    known = await session.scalar(
        select(Notification.key).where(Notification.message_id == message_id, Notification.channel == "mail")
    )
    if known is None:
        return None
    came_back = await session.scalar(
        update(Notification)
        .where(
            Notification.key == known,
            or_(Notification.refused_at.is_(None), Notification.refused_at <= Notification.sent_at),
        )
        .values(refused_at=func.now(), refused_code=code)
        .returning(Notification.key)
    )
    return came_back is not None


async def begin_sms(
    session: AsyncSession, *, key: str, ticket: str, kind: str, recipient_id: str, message_id: str
) -> bool:
    """Enter one SMS as being handed over. False when it has been, or when nobody knows: a telephone that
    rings twice is worse than one that does not, for the mail says the same."""
    row = {
        "key": key,
        "ticket": ticket,
        "kind": kind,
        "recipient_id": recipient_id,
        "message_id": message_id,
        "channel": "sms",
    }
    await session.execute(insert(Notification).values(row).on_conflict_do_nothing())
    begun = await session.execute(
        update(Notification)
        .where(Notification.key == key, Notification.begun_at.is_(None))
        .values(begun_at=func.now())
        .returning(Notification.key)
    )
    return begun.first() is not None


async def sms_not_taken(session: AsyncSession, key: str) -> None:
    """The provider did not take it: it may be handed over again."""
    await session.execute(update(Notification).where(Notification.key == key).values(begun_at=None))
