"""Mails as the mailbox keeps them: a maildir on disk, and what a reader wants to know of each."""

import email.policy
import mailbox
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

RECEIVED = "X-Sandbox-Received"
RECIPIENT = "X-Sandbox-Recipient"


@dataclass(frozen=True)
class Attachment:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    id: str
    received: str
    sender: str
    # The envelope's: what was really asked of the mail server, blind copies included.
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    text: str
    html: str | None
    attachments: tuple[Attachment, ...]

    def is_to(self, address: str) -> bool:
        return address.casefold() in {recipient.casefold() for recipient in self.recipients}


def _body(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    if part is None:
        return None
    content = part.get_content()
    return content.replace("\r\n", "\n") if isinstance(content, str) else None


def _attachment(part: EmailMessage) -> Attachment:
    content = part.get_payload(decode=True)
    return Attachment(
        name=part.get_filename() or "sans-nom",
        media_type=part.get_content_type(),
        content=content if isinstance(content, bytes) else part.as_bytes(),
    )


def _mail(key: str, content: bytes) -> Mail:
    message = email.message_from_bytes(content, _class=EmailMessage, policy=email.policy.default)
    html = _body(message, "html")
    text = _body(message, "plain")
    return Mail(
        id=key,
        received=str(message.get(RECEIVED, "")),
        sender=str(message.get("From", "")),
        recipients=tuple(address for _, address in getaddresses(message.get_all(RECIPIENT, []))),
        subject=str(message.get("Subject", "")),
        message_id=str(message.get("Message-ID", "")),
        text=text if text is not None else re.sub(r"<[^>]+>", " ", html or ""),
        html=html,
        attachments=tuple(_attachment(part) for part in message.iter_attachments()),
    )


class KeptMail:
    """The maildir under `directory`. A message accepted is on disk before the sender is told so."""

    def __init__(self, directory: Path) -> None:
        directory.parent.mkdir(parents=True, exist_ok=True)
        self._maildir = mailbox.Maildir(directory, create=True)
        self._read: dict[str, Mail] = {}

    def keep(self, content: bytes, recipients: list[str]) -> None:
        received = datetime.now(UTC).isoformat(timespec="microseconds")
        head = [f"{RECEIVED}: {received}", *(f"{RECIPIENT}: {address}" for address in recipients)]
        self._maildir.add("\r\n".join(head).encode() + b"\r\n" + content)

    def all(self) -> list[Mail]:
        """Newest first."""
        keys = self._maildir.keys()
        for key in keys:
            if key not in self._read:
                self._read[key] = _mail(key, self._maildir.get_bytes(key))
        return sorted((self._read[key] for key in keys), key=lambda mail: mail.received, reverse=True)

    def one(self, key: str) -> Mail | None:
        return next((mail for mail in self.all() if mail.id == key), None)
