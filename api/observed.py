"""What is seen of each request: a line in the log and a span, both by the route and never by the address, in
which there may be a token, a name, anything."""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, StatusCode
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from domain.ids import ticket_number_or_none

# Asked for every few seconds, and with each page.
UNSEEN = ("/healthz", "/readyz", "/static/")
NO_ROUTE = "(none)"

log = logging.getLogger(__name__)


class Observed:
    """Whoever tells of a fault can name the request: its id goes with each answer, and is on each line. Ids
    that a request brings along are not taken: they would be a stranger's words in our log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNSEEN):
            await self._app(scope, receive, send)
            return
        request_id, status, began = uuid.uuid4().hex, 500, time.perf_counter()

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        clear_contextvars()
        bind_contextvars(request_id=request_id, ticket=_ticket_in(scope["path"]))
        with _span(scope) as span:
            await self._app(scope, receive, seen)
            route = getattr(scope.get("route"), "path", NO_ROUTE)
            span.update_name(f"{scope['method']} {route}")
            span.set_attributes({"http.route": route, "http.response.status_code": status})
            if status >= 500:
                span.set_status(StatusCode.ERROR)
            passed = round((time.perf_counter() - began) * 1000)
            fields = {"method": scope["method"], "route": route, "status": status, "milliseconds": passed}
            log.info("answered", extra=fields)
        clear_contextvars()


def _ticket_in(path: str) -> str | None:
    """Known before the route is, so that every line of the request has it."""
    return next(filter(None, map(ticket_number_or_none, path.split("/"))), None)


@contextmanager
def _span(scope: Scope) -> Iterator[Span]:
    """The first of a trace. None for a stream, which looks at the database for a minute."""
    if "text/event-stream" in Headers(scope=scope).get("accept", ""):
        yield INVALID_SPAN
        return
    tracer = trace.get_tracer(__name__)
    with tracer.start_as_current_span(scope["method"], Context(), kind=SpanKind.SERVER) as span:
        span.set_attribute("http.request.method", scope["method"])
        yield span
