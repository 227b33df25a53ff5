"""Mail over SMTP, a connection a message."""

import asyncio
import ipaddress
from contextlib import suppress
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as WIRE_FORMAT
from email.utils import localtime, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib

from activities.gateways.mail import MailRefused, MailUnavailable, Message

# For one exchange with the server, and for the whole of a delivery: an attempt must be over before the
# activity's own time-out, or a second one would start beside it.
TIMEOUT_SECONDS = 10
DELIVERY_SECONDS = 20
# After the server's yes only politeness is left; it must not delay our record.
GOODBYE_SECONDS = 1
SUBMISSION_PORT = 587
SUBMISSION_TLS_PORT = 465
# "Authentication required", in its variants: a fault of our settings, not of the recipient.
AUTHENTICATION_CODES = frozenset({530, 534, 535, 538})
SYNTAX_ERROR_IN_ADDRESS = 553


class SmtpMail:
    """`smtp://user:password@host:port` or `smtps://…` (TLS from the first byte; port 465 by default).

    With `smtp://` (port 587 by default) STARTTLS is demanded, except from a server on this machine, where
    it is used if offered and any certificate will do: nothing leaves the machine.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            # Without the url: it may hold a password.
            raise ValueError("the mail server's url is neither smtp://host nor smtps://host")
        self._host = parts.hostname
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (SUBMISSION_TLS_PORT if self._tls else SUBMISSION_PORT)
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, message: Message) -> MailRefused | None:
        """Hand over one mail: None once the server has taken charge of it. Raises `MailUnavailable`."""
        sender = _on_the_wire(parseaddr(message.sender)[1])
        try:
            recipient = _on_the_wire(message.to)
            written = _write(message, recipient)
        except (ValueError, MessageError, IndexError):
            # An address that cannot even be written down: the server would say the same.
            return MailRefused(SYNTAX_ERROR_IN_ADDRESS)
        server = self._server(local_name=sender.rpartition("@")[2])
        try:
            async with asyncio.timeout(DELIVERY_SECONDS):
                await server.connect()
                refusal = await _deliver(server, written, sender, recipient)
        except aiosmtplib.SMTPResponseException as refused:
            # The greeting, the sign-in or our own address was refused: no recipient is to blame.
            raise MailUnavailable(f"the mail server answered {refused.code}") from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as breakdown:
            # The server's words may quote an address: the kind of breakdown is enough.
            raise MailUnavailable(f"no answer from the mail server: {type(breakdown).__name__}") from None
        else:
            with suppress(aiosmtplib.SMTPException, OSError):
                await server.quit(timeout=GOODBYE_SECONDS)
            return refusal
        finally:
            server.close()

    def _server(self, local_name: str) -> aiosmtplib.SMTP:
        on_this_machine = _is_loopback(self._host)
        start_tls: bool | None = None if on_this_machine else True
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            # Said in the greeting; left out, it would be asked of the DNS at every mail.
            local_hostname=local_name,
            timeout=TIMEOUT_SECONDS,
            use_tls=self._tls,
            start_tls=False if self._tls else start_tls,
            validate_certs=not on_this_machine,
        )


async def _deliver(
    server: aiosmtplib.SMTP, written: EmailMessage, sender: str, recipient: str
) -> MailRefused | None:
    try:
        await server.send_message(written, sender=sender, recipients=[recipient])
    except aiosmtplib.SMTPRecipientsRefused as refused:
        return _refused_or_unavailable(refused.recipients[0].code)
    except aiosmtplib.SMTPDataError as refused:
        return _refused_or_unavailable(refused.code)
    except aiosmtplib.SMTPNotSupported:
        # The address is not ASCII and this server takes no other.
        return MailRefused(SYNTAX_ERROR_IN_ADDRESS)
    return None


def _refused_or_unavailable(code: int) -> MailRefused:
    """5xx is for ever, unless it is about our own sign-in. Anything else raises `MailUnavailable`."""
    if code < 500 or code in AUTHENTICATION_CODES:
        raise MailUnavailable(f"the mail server answered {code}") from None
    return MailRefused(code)


def _on_the_wire(address: str) -> str:
    """The bare address, an accented domain in its ASCII form. Raises `ValueError`."""
    if any(not character.isprintable() for character in address):
        raise ValueError("an address is one line of visible characters")
    local, at, domain = address.rpartition("@")
    if parseaddr(address)[1] != address or not (local and at and domain):
        raise ValueError("not one bare address")
    return f"{local}@{domain.encode('idna').decode()}"


def _write(message: Message, recipient: str) -> EmailMessage:
    written = EmailMessage(policy=WIRE_FORMAT)
    written["From"] = message.sender
    written["To"] = recipient
    written["Subject"] = message.subject
    written["Date"] = localtime()
    written["Message-ID"] = message.message_id
    # RFC 3834: no holiday responder should answer.
    written["Auto-Submitted"] = "auto-generated"
    # Encoded, so that no relay has to change a line on its way, and accents survive all of them.
    written.set_content(message.text, cte="quoted-printable")
    written.add_alternative(message.html, subtype="html", cte="quoted-printable")
    for file in message.attachments:
        kind, *parameters = file.content_type.split("; ")
        main, _, sub = kind.partition("/")
        named = dict(one.split("=", 1) for one in parameters)
        written.add_attachment(file.content, main, sub, filename=file.name, params=named)
    return written


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
