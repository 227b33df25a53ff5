"""Who has not been told something, for their mail server will never take our mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.notifications import MailNote, Notification
from db.models.people import Person
from db.reads.leaving import was_erased

# Of those whom nobody has looked after yet.
MOST_MAILS = 500


@dataclass(frozen=True)
class Untold:
    """`mails` that did not reach this person, the oldest first; never none."""

    person: Person
    mails: Sequence[Notification]

    @property
    def since(self) -> datetime:
        return min(_refused(one) for one in self.mails)

    @property
    def until(self) -> datetime:
        """When the last of them was refused."""
        return max(_refused(one) for one in self.mails)


def is_unnoted() -> ColumnElement[bool]:
    """Refused for good or come back, and not noted yet; one that went in the end has told its person."""
    noted = select(MailNote.person_id).where(
        MailNote.person_id == Notification.recipient_id, MailNote.until >= Notification.refused_at
    )
    went = Notification.sent_at >= Notification.refused_at
    return and_(Notification.refused_at.is_not(None), went.is_not(true()), ~noted.exists())


async def untold_people(session: AsyncSession) -> list[Untold]:
    """Whatever the mails were about, who waits longest first. Mails to our own mailbox, and to addresses that
    are nobody's yet, are nobody's to be told; who was erased has no address any more."""
    first = func.min(Notification.refused_at).over(partition_by=Person.id)
    query = (
        select(Person, Notification)
        .join(Person, Person.id == Notification.recipient_id)
        .where(is_unnoted(), ~was_erased(Person.id))
        .order_by(first, Person.id, Notification.refused_at, Notification.key)
        .limit(MOST_MAILS)
    )
    rows = (await session.execute(query)).all()
    return [
        Untold(person, [mail for _, mail in found]) for person, found in groupby(rows, lambda row: row[0])
    ]


def _refused(mail: Notification) -> datetime:
    if mail.refused_at is None:
        raise AssertionError("a refused mail was read that was not refused")
    return mail.refused_at
