"""Mails that come back: what a server tells later of one that it took and could not deliver (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

# Of one that tells no reply of its own: "mailbox unavailable".
UNDELIVERED = 550
_REPLY = re.compile(r"smtp\s*;\s*(5\d\d)\b", re.IGNORECASE)
_NAME = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True)
class Bounce:
    """`message_id` is that of the mail, in its angle brackets; `code` the SMTP reply by which it was refused
    for good."""

    message_id: str
    code: int


def read_bounce(content: bytes) -> Bounce | None:
    """None for any other mail: an answer, a delay that may still end well, what cannot be read."""
    try:
        return _read(message_from_bytes(content))
    except Exception:  # the library's parser fails in many ways on mails that are made for it
        return None


def _read(message: Message) -> Bounce | None:
    if message.get_content_type() != "multipart/report":
        return None
    code = next((_code(one) for one in _recipients(message) if _has_failed(one)), None)
    name = next(_names(message), None)
    return None if code is None or name is None else Bounce(name, code)


def _recipients(report: Message) -> Iterator[Message]:
    """What is said of each; the first lines of the part are about the report as a whole."""
    for part in report.walk():
        blocks = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(blocks, list):
            yield from (one for one in blocks[1:] if isinstance(one, Message))


def _has_failed(recipient: Message) -> bool:
    action, status = (str(recipient.get(name, "")).strip().lower() for name in ("Action", "Status"))
    return action == "failed" and status.startswith("5.")


def _code(recipient: Message) -> int:
    found = _REPLY.search(str(recipient.get("Diagnostic-Code", "")))
    return int(found[1]) if found else UNDELIVERED


def _names(report: Message) -> Iterator[str]:
    """Of the mail that came back: whole, or its head only."""
    for part in report.walk():
        if part is report:
            continue
        head, content = part, part.get_payload(decode=True)
        if part.get_content_type() == "text/rfc822-headers" and isinstance(content, bytes):
            head = message_from_bytes(content)
        if found := _NAME.search(str(head.get("Message-ID", ""))):
            yield found[0]
