"""A real mail server on a free port, that keeps what it is given, refuses it, or hangs up."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LOOPBACK = "127.0.0.1"


@dataclass
class Delivered:
    recipient: str
    mail: EmailMessage
    encrypted: bool
    greeting: str

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])

    def body(self, subtype: str) -> str:
        part = self.mail.get_body((subtype,))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")


@dataclass
class PostOffice:
    """`answers` maps an address to what is answered to it; `content_answer` is given to every mail's text;
    `hang_up` closes the line instead."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    content_answer: str | None = None
    sender_answer: str | None = None
    hang_up: bool = False
    delivered: list[Delivered] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    credentials: tuple[bytes, bytes] | None = None

    @property
    def url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    def delivered_ids(self) -> list[str]:
        return [mail.message_id for mail in self.delivered]

    def to(self, address: str) -> list[Delivered]:
        return [mail for mail in self.delivered if mail.recipient == address]

    async def handle_MAIL(  # noqa: N802 - the server's own word
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the server's own word
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tried.append(address)
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the server's own word
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.content_answer:
            return self.content_answer
        if self.hang_up:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "421 gone"
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.delivered.append(
            Delivered(envelope.rcpt_tos[0], mail, session.ssl is not None, str(session.host_name))
        )
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        return AuthResult(success=(given.login, given.password) == self.credentials, handled=False)


@asynccontextmanager
async def mail_server(
    *, credentials: tuple[bytes, bytes] | None = None, starttls: ssl.SSLContext | None = None
) -> AsyncIterator[PostOffice]:
    loop = asyncio.get_running_loop()
    office = PostOffice(credentials=credentials)

    def answer_a_call() -> SMTP:
        return SMTP(
            office,
            loop=loop,
            hostname="mail.example",
            tls_context=starttls,
            authenticator=office.authenticate,
            auth_required=credentials is not None,
            auth_require_tls=False,
        )

    server = await loop.create_server(answer_a_call, LOOPBACK, 0)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        await server.wait_closed()
