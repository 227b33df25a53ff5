"""What holds for every request: a bounded body, the security headers, and no stack trace in an answer."""

import logging
import re
import traceback
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import answer_to
from api.codes import ApiCode
from api.errors import Problem, TooLarge
from api.formats import MOST_ATTACHMENTS
from api.images import LARGEST_BYTES
from api.security_headers import protect
from db.askers import nobody_yet
from domain.bank_transfers import MOST_MESSAGE_BYTES

LONGEST_BODY_BYTES = 64 * 1024
# The routes that take a file, each with a limit of its own.
UPLOADS = {
    ("POST", "/v1/attachments"): (LARGEST_BYTES, ApiCode.ATTACHMENT_TOO_LARGE),
    ("POST", "/v1/bank-messages"): (MOST_MESSAGE_BYTES, ApiCode.BANK_MESSAGE_TOO_LARGE),
    # The same, in a form.
    ("POST", "/banque"): (MOST_MESSAGE_BYTES + LONGEST_BODY_BYTES, ApiCode.BANK_MESSAGE_TOO_LARGE),
}

# The forms that images may come with, a few at once.
FORMS = re.compile(r"/demandes/(nouvelle/coordonnees|[^/]+/insatisfaction)|/interventions/[^/]+/compte-rendu")
LONGEST_FORM = (MOST_ATTACHMENTS * LARGEST_BYTES + LONGEST_BODY_BYTES, ApiCode.ATTACHMENT_TOO_LARGE)

log = logging.getLogger(__name__)


class BoundedBody:
    """Refuses a body over the limit, by its announced length or while it comes in.
    Files have limits of their own, on the routes that take them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit, code = _limit(scope["method"], scope["path"])
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced[:20]) > limit:
            await answer_to(scope, Problem(code))(scope, receive, send)
            return
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise TooLarge(code)
            return message

        await self._app(scope, bounded, send)


def _limit(method: str, path: str) -> tuple[int, ApiCode]:
    """Of a body, in bytes, and what is said of one that is larger."""
    if method == "POST" and FORMS.fullmatch(path):
        return LONGEST_FORM
    return UPLOADS.get((method, path), (LONGEST_BODY_BYTES, ApiCode.BODY_TOO_LARGE))


class NobodyYet:
    """Each request begins with nobody who asks: what one has found out is not told to the next."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with nobody_yet():
            await self._app(scope, receive, send)


class SafeAnswers:
    """Headers on every answer; an unforeseen error is logged by its place, without its message or its
    arguments (they may quote what people wrote), and answered as a problem."""

    def __init__(self, app: ASGIApp, *, by_https: bool) -> None:
        self._app = app
        self._by_https = by_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def safe(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                protect(MutableHeaders(scope=message), scope["path"], by_https=self._by_https)
            await send(message)

        try:
            await self._app(scope, receive, safe)
        except Exception as error:  # the last resort: everything foreseen has its own handler
            log.error("unforeseen %s at %s", type(error).__name__, _place(error))
            if not started:
                await answer_to(scope, Problem(ApiCode.INTERNAL_ERROR))(scope, receive, safe)


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-8:]))
