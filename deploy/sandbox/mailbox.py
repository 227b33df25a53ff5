"""A mail server that delivers to nobody but the reader of its page.

`python -m deploy.sandbox.mailbox --smtp-port 1025 --http-port 8025 --data var/mailbox`
"""

import argparse
import asyncio
import re
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from deploy.sandbox.kept_mail import KeptMail, Mail
from deploy.sandbox.ports import LOOPBACK

PARIS = ZoneInfo("Europe/Paris")
# A mail is somebody else's page: no script, no form, nothing fetched; links open elsewhere.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src data:; style-src 'unsafe-inline'"
)
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'"
)


def _linked(text: str) -> Markup:
    pieces = re.split(r"(https?://[^\s<>\"]+[^\s<>\".,;:)])", text)
    link = Markup('<a href="{0}" target="_blank" rel="noreferrer noopener">{0}</a>')
    return Markup("").join(
        link.format(piece) if index % 2 else escape(piece) for index, piece in enumerate(pieces)
    )


def _paris_time(received: str) -> str:
    return datetime.fromisoformat(received).astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S")


def _as_data(mail: Mail) -> dict[str, Any]:
    attachments = [
        {"name": file.name, "media_type": file.media_type, "bytes": len(file.content)}
        for file in mail.attachments
    ]
    return asdict(mail) | {"attachments": attachments}


class _Pages:
    def __init__(self, kept: KeptMail) -> None:
        self._kept = kept
        self._templates = Jinja2Templates(Path(__file__).parent / "templates")
        self._templates.env.filters |= {"linked": _linked, "paris_time": _paris_time}

    def _mail(self, request: Request) -> Mail:
        mail = self._kept.one(request.path_params["id"])
        if mail is None:
            raise HTTPException(404, "Ce courriel n'existe pas.")
        return mail

    def _to(self, request: Request) -> list[Mail]:
        address = request.query_params.get("to", "").strip()
        mails = self._kept.all()
        return [mail for mail in mails if mail.is_to(address)] if address else mails

    def _page(self, request: Request, template: str, **values: Any) -> Response:
        headers = {"content-security-policy": PAGE_POLICY}
        return self._templates.TemplateResponse(request, template, values, headers=headers)

    async def messages(self, request: Request) -> Response:
        return JSONResponse([_as_data(mail) for mail in self._to(request)])

    async def list(self, request: Request) -> Response:
        address = request.query_params.get("to", "")
        everybody = sorted({recipient for mail in self._kept.all() for recipient in mail.recipients})
        mails = self._to(request)
        return self._page(request, "mailbox.html", mails=mails, address=address, everybody=everybody)

    async def one(self, request: Request) -> Response:
        return self._page(request, "mail.html", mail=self._mail(request))

    async def html(self, request: Request) -> Response:
        html = self._mail(request).html or ""
        headers = {"content-security-policy": MAIL_POLICY}
        return Response(f'<base target="_blank">{html}', media_type="text/html", headers=headers)

    async def attachment(self, request: Request) -> Response:
        files = self._mail(request).attachments
        index = request.path_params["index"]
        if index >= len(files):
            raise HTTPException(404, "Cette pièce jointe n'existe pas.")
        # Always a download: shown in place, it would run as a page of ours.
        headers = {"content-disposition": "attachment", "x-content-type-options": "nosniff"}
        return Response(files[index].content, media_type=files[index].media_type, headers=headers)


def pages(kept: KeptMail) -> Starlette:
    page = _Pages(kept)
    return Starlette(
        routes=[
            Route("/", page.list),
            Route("/api/messages", page.messages),
            Route("/messages/{id}", page.one),
            Route("/messages/{id}/html", page.html),
            Route("/messages/{id}/attachments/{index:int}", page.attachment),
        ]
    )


class _Receiver:
    def __init__(self, kept: KeptMail) -> None:
        self._kept = kept

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        self._kept.keep(content, [str(address) for address in envelope.rcpt_tos])
        return "250 message kept"


async def serve(data: Path, smtp_port: int, http_port: int) -> None:
    """Receives on one port and shows on the other, until a signal ends it."""
    kept = KeptMail(data)
    receiver = _Receiver(kept)
    smtp = await asyncio.get_running_loop().create_server(
        lambda: SMTP(receiver, hostname="sandbox", enable_SMTPUTF8=True), LOOPBACK, smtp_port
    )
    async with smtp:
        config = uvicorn.Config(pages(kept), host=LOOPBACK, port=http_port, log_level="warning")
        await uvicorn.Server(config).serve()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    asyncio.run(serve(given.data, given.smtp_port, given.http_port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
