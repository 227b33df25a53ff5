"""A mail that goes out once: entered before it is sent, stamped after it."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import parseaddr

from temporalio.exceptions import ApplicationError

from activities.gateways.mail import Attachment, Mail, MailRefused, Message
from activities.wording.letters import Letter
from db.engine import Sessions
from db.stores.notifications import enter_notification, record_refused, record_sent


@dataclass(frozen=True)
class Envelope:
    """`key` names this one mail for ever. `ticket` is None for what is not about one, `recipient_id` for the
    back office's shared mailbox."""

    key: str
    kind: str
    to: str
    ticket: str | None = None
    recipient_id: str | None = None


@dataclass(frozen=True)
class Contents:
    letter: Letter
    attachments: tuple[Attachment, ...] = ()


class Post:
    """`sender` is the address mails come from."""

    def __init__(self, database: Sessions, mail: Mail, sender: str) -> None:
        self._database = database
        self._mail = mail
        self._sender = sender

    async def send_once(
        self, envelope: Envelope, write: Callable[[], Awaitable[Contents]]
    ) -> MailRefused | None:
        """Safe to repeat: what was sent is neither written nor sent again.

        It goes a second time, with the same Message-ID, only if this is killed between the server's yes and
        our record. Raises `MailUnavailable` to be tried again later.
        """
        async with self._database.begin() as session:
            entered = await enter_notification(
                session,
                key=envelope.key,
                ticket=envelope.ticket,
                kind=envelope.kind,
                recipient_id=envelope.recipient_id,
                message_id=message_id(envelope.key, self._sender),
            )
        if entered.sent:
            return None
        contents = await write()
        # No connection to the database is held meanwhile: a mail server that hangs must not use them up.
        refused = await self._mail.send(
            Message(
                to=envelope.to,
                subject=contents.letter.subject,
                text=contents.letter.text,
                html=contents.letter.html,
                message_id=entered.message_id,
                sender=self._sender,
                attachments=contents.attachments,
            )
        )
        if refused is not None:
            async with self._database.begin() as session:
                await record_refused(session, envelope.key, refused.code)
            return refused
        async with self._database.begin() as session:
            await record_sent(session, envelope.key)
        return None


def mail_refused(*details: str) -> ApplicationError:
    """To raise when an address was refused for good: there is nothing left to try."""
    return ApplicationError(
        "the mail server refused an address for good", *details, type="mail_refused", non_retryable=True
    )


def message_id(key: str, sender: str) -> str:
    """The Message-ID of one mail: the same for the same key. Short enough never to be folded."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"
