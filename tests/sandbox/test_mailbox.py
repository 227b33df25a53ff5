import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx

from deploy.sandbox.ports import free_port


class Mailbox:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.smtp_port = free_port()
        self.http_port = free_port(0, [self.smtp_port])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[httpx.AsyncClient]:
        ports = ["--smtp-port", str(self.smtp_port), "--http-port", str(self.http_port)]
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.sandbox.mailbox", *ports, "--data", str(self.data))
        )
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.http_port}") as browser:
                for _ in range(200):
                    try:
                        await browser.get("/")
                        break
                    except httpx.ConnectError:
                        await asyncio.sleep(0.05)
                yield browser
        finally:
            server.terminate()
            await server.wait()

    async def send(self, message: EmailMessage, *recipients: str) -> None:
        await aiosmtplib.send(message, hostname="127.0.0.1", port=self.smtp_port, recipients=list(recipients))


def a_mail(subject: str = "Rendez-vous confirmé") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "OmeaSupport <bonjour@omeasupport.example>"
    message["To"] = "Chloé <chloe@example.org>"
    message["Subject"] = subject
    message["Message-ID"] = "<ticket.48291573.booked@omeasupport.example>"
    message.set_content("À demain !\nhttps://omeasupport.example/t?a=1&b=2.\n")
    message.add_alternative("<p>À <b>demain</b> !</p><script>alert(1)</script>", subtype="html")
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="rendez-vous.ics")
    return message


async def test_a_mail_is_read_as_data_and_as_pages_even_after_a_restart(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path / "mailbox")
    async with mailbox.running():
        await mailbox.send(a_mail(), "chloe@example.org", "copie@example.org")
    async with mailbox.running() as browser:
        [mail] = (await browser.get("/api/messages", params={"to": "Chloe@example.org"})).json()
        listing = (await browser.get("/")).text
        page = (await browser.get(f"/messages/{mail['id']}")).text
        shown = await browser.get(f"/messages/{mail['id']}/html")
        attachment = await browser.get(f"/messages/{mail['id']}/attachments/0")
    assert {name: mail[name] for name in mail if name not in {"id", "received"}} == {
        "sender": "OmeaSupport <bonjour@omeasupport.example>",
        "recipients": ["chloe@example.org", "copie@example.org"],
        "subject": "Rendez-vous confirmé",
        "message_id": "<ticket.48291573.booked@omeasupport.example>",
        "text": "À demain !\nhttps://omeasupport.example/t?a=1&b=2.\n",
        "html": "<p>À <b>demain</b> !</p><script>alert(1)</script>\n",
        "attachments": [{"name": "rendez-vous.ics", "media_type": "text/calendar", "bytes": 17}],
    }
    assert "Rendez-vous confirmé" in listing
    assert 'href="https://omeasupport.example/t?a=1&amp;b=2"' in page
    assert 'sandbox="allow-popups' in page
    assert "<script>" not in page
    assert "<b>demain</b>" in shown.text
    assert shown.headers["content-security-policy"].startswith("sandbox")
    assert "allow-scripts" not in shown.headers["content-security-policy"]
    assert attachment.text.strip() == "BEGIN:VCALENDAR"


async def test_mails_are_listed_newest_first_and_by_recipient_each_as_often_as_sent(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path / "mailbox")
    async with mailbox.running() as browser:
        await mailbox.send(a_mail("un"), "chloe@example.org")
        await mailbox.send(a_mail("deux"), "karim@example.org")
        for _ in range(2):
            await mailbox.send(a_mail("trois"), "chloe@example.org")
        everything = (await browser.get("/api/messages")).json()
        hers = (await browser.get("/api/messages", params={"to": "chloe@example.org"})).json()
        unknown = [f"/messages/1{path}" for path in ("", "/html", "/attachments/0")]
        answers = [(await browser.get(path)).status_code for path in unknown]
    assert [mail["subject"] for mail in everything] == ["trois", "trois", "deux", "un"]
    assert [mail["subject"] for mail in hers] == ["trois", "trois", "un"]
    assert answers == [404, 404, 404]
