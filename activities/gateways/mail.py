"""Mail in our own words. One adapter implements it: `smtp_mail.py`.

A refusal (this address, this message: never) is a result; a breakdown (no server, try later) is an
exception, and the caller's retry policy decides.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail. `content_type` is `application/pdf` or the like, its parameters after
    `; ` each."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """One mail to one address. `sender` is an address, with a name before it or not; `message_id` is in
    angle brackets and the same each time this mail is sent, so that a repeat can be recognised."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    sender: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class MailRefused:
    """The server will never take this mail. `code` is its SMTP reply code; its words may quote the
    address, so they are not kept."""

    code: int


class MailUnavailable(Exception):
    """Nothing was accepted, or nobody knows: the mail must be sent again later. Names no address."""


class Mail(Protocol):
    async def send(self, message: Message) -> MailRefused | None:
        """Hand over one mail: None once the server has taken charge of it. Raises `MailUnavailable`."""
