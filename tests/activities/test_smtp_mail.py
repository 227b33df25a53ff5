"""The mail port over a real SMTP conversation."""

import asyncio
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from activities.gateways.mail import Attachment, MailRefused, MailUnavailable, Message
from activities.gateways.smtp_mail import SmtpMail
from tests.support.smtp_server import LOOPBACK, mail_server

A_MAIL = Message(
    to="claire@example.fr",
    subject="Rendez-vous confirmé : lundi 23 novembre à 14\u00a0h\u00a030",
    text="Bonjour Claire,\n.\nÀ lundi, pour 15,00\u00a0€.\n",
    html="<p>Bonjour Claire, à lundi.</p>\n",
    message_id="<0123456789abcdef0123456789abcdef01234567@omeasupport.test>",
    sender="OmeaSupport <bonjour@omeasupport.test>",
)


def nobody_listens() -> str:
    """Port 9 (discard) is reserved and not served."""
    return f"smtp://{LOOPBACK}:9"


async def test_a_mail_arrives_whole() -> None:
    async with mail_server() as office:
        assert await SmtpMail(office.url).send(A_MAIL) is None
    [delivered] = office.delivered
    mail = delivered.mail
    assert delivered.recipient == "claire@example.fr"
    assert delivered.greeting == "omeasupport.test"
    assert mail["From"] == "OmeaSupport <bonjour@omeasupport.test>"
    assert mail["To"] == "claire@example.fr"
    assert mail["Subject"] == A_MAIL.subject
    assert mail["Message-ID"] == A_MAIL.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail.get_content_type() == "multipart/alternative"
    assert delivered.body("plain") == A_MAIL.text
    assert delivered.body("html") == A_MAIL.html


async def test_a_file_arrives_byte_by_byte_under_its_name() -> None:
    content = bytes(range(256)) * 300 + b"\r\n.\r\n\n.\n"
    file = Attachment("F2026-000123.pdf", "application/pdf", content)
    async with mail_server() as office:
        assert await SmtpMail(office.url).send(replace(A_MAIL, attachments=(file,))) is None
    [delivered] = office.delivered
    [part] = delivered.mail.iter_attachments()
    assert (part.get_filename(), part.get_content_type(), part.get_content()) == (
        "F2026-000123.pdf",
        "application/pdf",
        content,
    )
    assert delivered.mail.get_content_type() == "multipart/mixed"
    assert (delivered.body("plain"), delivered.body("html")) == (A_MAIL.text, A_MAIL.html)


@pytest.mark.parametrize(
    ("address", "on_the_wire"),
    [("claire@société.example", "claire@xn--socit-esab.example"), ("o'neil+it@example.fr", None)],
)
async def test_unusual_addresses_are_written_as_servers_expect(address: str, on_the_wire: str | None) -> None:
    async with mail_server() as office:
        assert await SmtpMail(office.url).send(replace(A_MAIL, to=address)) is None
    assert [mail.recipient for mail in office.delivered] == [on_the_wire or address]


@pytest.mark.parametrize(
    "address",
    ["", "claire", "claire@", "a@b\r\nBcc: mallory@example.fr", "a@b.fr> NOTIFY=SUCCESS", "é@example.fr"],
)
async def test_an_address_that_cannot_be_written_is_refused_and_injects_nothing(address: str) -> None:
    async with mail_server() as office:
        answer = await SmtpMail(office.url).send(replace(A_MAIL, to=address))
        assert answer == MailRefused(553)
    assert office.delivered == []


async def test_a_line_break_in_a_subject_never_becomes_a_header() -> None:
    hostile = replace(A_MAIL, subject="Bonjour\r\nBcc: mallory@example.fr")
    async with mail_server() as office:
        assert await SmtpMail(office.url).send(hostile) == MailRefused(553)
    assert office.delivered == []


async def test_a_refusal_for_ever_is_a_result() -> None:
    async with mail_server() as office:
        office.answers[A_MAIL.to] = "550 5.1.1 no such mailbox"
        assert await SmtpMail(office.url).send(A_MAIL) == MailRefused(550)
        office.answers.clear()
        office.content_answer = "554 5.7.1 looks like spam"
        assert await SmtpMail(office.url).send(A_MAIL) == MailRefused(554)


@pytest.mark.parametrize("answer", ["451 4.7.1 greylisted", "421 4.3.2 shutting down", "530 5.7.0 sign in"])
async def test_come_back_later_is_a_breakdown(answer: str) -> None:
    async with mail_server() as office:
        office.answers[A_MAIL.to] = answer
        with pytest.raises(MailUnavailable, match=answer[:3]) as breakdown:
            await SmtpMail(office.url).send(A_MAIL)
    assert_no_address_in(breakdown.value)


async def test_a_refused_sender_is_our_fault_and_tried_again() -> None:
    async with mail_server() as office:
        office.sender_answer = "553 5.7.1 not your address"
        with pytest.raises(MailUnavailable, match="553"):
            await SmtpMail(office.url).send(A_MAIL)


async def test_a_server_that_is_away_is_a_breakdown() -> None:
    with pytest.raises(MailUnavailable) as breakdown:
        await SmtpMail(nobody_listens()).send(A_MAIL)
    assert_no_address_in(breakdown.value)


async def test_a_line_cut_before_the_yes_is_a_breakdown() -> None:
    async with mail_server() as office:
        office.hang_up = True
        with pytest.raises(MailUnavailable):
            await SmtpMail(office.url).send(A_MAIL)


async def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activities.gateways.smtp_mail.DELIVERY_SECONDS", 0.2)
    silent = await asyncio.start_server(lambda _reader, _writer: None, LOOPBACK, 0)
    async with silent:
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(MailUnavailable):
            await SmtpMail(f"smtp://{LOOPBACK}:{port}").send(A_MAIL)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_signing_in_with_an_escaped_password() -> None:
    async with mail_server(credentials=(b"omea", b"p@ss/word")) as office:
        url = office.url.replace("smtp://", "smtp://omea:p%40ss%2Fword@")
        assert await SmtpMail(url).send(A_MAIL) is None
        with pytest.raises(MailUnavailable, match="535"):
            await SmtpMail(url.replace("p%40ss", "wrong")).send(A_MAIL)
    assert len(office.delivered) == 1


async def test_starttls_is_used_when_offered(tmp_path: Path) -> None:
    async with mail_server(starttls=a_self_signed_certificate(tmp_path)) as office:
        assert await SmtpMail(office.url).send(A_MAIL) is None
    assert [mail.encrypted for mail in office.delivered] == [True]


async def test_starttls_is_demanded_from_another_machine() -> None:
    async with mail_server() as office:
        # Resolved to this machine, but not written as such.
        elsewhere = office.url.replace("127.0.0.1", "127.1")
        with pytest.raises(MailUnavailable):
            await SmtpMail(elsewhere).send(A_MAIL)
    assert office.delivered == []


def test_a_url_that_is_not_a_mail_servers_is_refused_without_its_password() -> None:
    with pytest.raises(ValueError, match="smtp://host") as refused:
        SmtpMail("http://omea:secret@mail.example")
    assert "secret" not in str(refused.value)


def assert_no_address_in(breakdown: BaseException) -> None:
    assert "@" not in str(breakdown)
    assert breakdown.__cause__ is None


def a_self_signed_certificate(directory: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = directory / "certificate.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
