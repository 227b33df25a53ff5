"""Lets the Temporal UI show payloads in clear to the back office, and to nobody else.

The browser asks it directly, from the UI's own origin, with the cookie of its sign-in; a program has a bearer
token. It holds the payload keys and no sign-ins: who asks it, the API is asked, each time.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from google.protobuf import json_format
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from temporalio.api.common.v1 import Payloads

from deploy import logs
from deploy.encryption import EncryptionCodec, PayloadUnreadable
from deploy.serving import serve
from deploy.settings import CodecServerSettings, read_codec_server_settings

ALLOWED_HEADERS = "content-type, x-namespace, authorization"
CLEARANCE = "/v1/histories/clearance"
# The API looks at one row. A person waits, and can ask again: only a connection is tried again here.
API_ANSWERS_WITHIN_SECONDS = 5
CONNECTION_ATTEMPTS = 3
# Once asked to stop: somebody who looks at a history asks again.
GRACE_SECONDS = 5


def origins_of(ui_url: str) -> frozenset[str]:
    """The UI's origin; on loopback its two spellings, since a person may type either."""
    if "//127.0.0.1" in ui_url:
        return frozenset({ui_url, ui_url.replace("//127.0.0.1", "//localhost", 1)})
    return frozenset({ui_url})


class NotCleared(Exception):
    """`status` and `code` are those of the API's refusal; 503 when it did not answer."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status


class _CodecRoutes:
    def __init__(self, codec: EncryptionCodec, origins: frozenset[str], api: httpx.AsyncClient) -> None:
        self._codec = codec
        self._origins = origins
        self._api = api

    def _cross_origin_headers(self, request: Request) -> dict[str, str]:
        origin = request.headers.get("origin")
        if origin not in self._origins:
            return {"vary": "origin"}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "POST, OPTIONS",
            "access-control-allow-headers": ALLOWED_HEADERS,
            "access-control-allow-credentials": "true",
            # The UI calls from the user's browser to loopback, which Chrome asks about separately.
            "access-control-allow-private-network": "true",
            "vary": "origin",
        }

    async def convert(self, request: Request) -> Response:
        headers = self._cross_origin_headers(request)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        # Browsers always send an origin with a POST: another page's must not even be executed.
        if "origin" in request.headers and "access-control-allow-origin" not in headers:
            return JSONResponse({"error": "origin not allowed"}, 403, headers=headers)
        headers["cache-control"] = "no-store"
        try:
            await self._refuse_unless_cleared(request)
            given = json_format.Parse(await request.body(), Payloads(), ignore_unknown_fields=True)
            turn = self._codec.encode if request.url.path == "/encode" else self._codec.decode
            answer = Payloads(payloads=await turn(given.payloads))
        except NotCleared as refused:
            return JSONResponse({"error": str(refused)}, refused.status, headers=headers)
        except (json_format.ParseError, PayloadUnreadable, UnicodeDecodeError) as error:
            return JSONResponse({"error": str(error)}, 400, headers=headers)
        return Response(json_format.MessageToJson(answer), media_type="application/json", headers=headers)

    async def _refuse_unless_cleared(self, request: Request) -> None:
        """Raises `NotCleared`."""
        shown = {name: request.headers[name] for name in ("authorization",) if name in request.headers}
        # A cookie is a browser's, and counts from the UI's page alone.
        if "origin" in request.headers and "cookie" in request.headers:
            shown["cookie"] = request.headers["cookie"]
        try:
            answer = await self._api.get(CLEARANCE, headers=shown)
        except httpx.HTTPError:
            raise NotCleared(503, "api_unavailable") from None
        if answer.status_code in {401, 403}:
            raise NotCleared(*_refusal(answer))
        if answer.status_code != 204:
            raise NotCleared(503, "api_unavailable")


def _refusal(answer: httpx.Response) -> tuple[int, str]:
    """What is not the API's own is a proxy's, which has not asked it."""
    try:
        return answer.status_code, str(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return 503, "api_unavailable"


async def _health(_request: Request) -> Response:
    return Response("ok")


def build(settings: CodecServerSettings, transport: httpx.AsyncBaseTransport | None = None) -> Starlette:
    """`transport` is how the API is reached, over the network unless it is given."""
    api = httpx.AsyncClient(
        base_url=settings.api_url,
        timeout=API_ANSWERS_WITHIN_SECONDS,
        transport=transport or httpx.AsyncHTTPTransport(retries=CONNECTION_ATTEMPTS - 1),
    )
    codec = EncryptionCodec(settings.payload_keys, settings.active_payload_key)
    routes = _CodecRoutes(codec, origins_of(settings.ui_origin), api)

    @asynccontextmanager
    async def until_the_end(_app: Starlette) -> AsyncIterator[None]:
        async with api:
            yield

    return Starlette(
        routes=[
            Route("/encode", routes.convert, methods=["POST", "OPTIONS"]),
            Route("/decode", routes.convert, methods=["POST", "OPTIONS"]),
            Route("/healthz", _health),
        ],
        lifespan=until_the_end,
    )


def main() -> None:
    logs.configure()
    settings = read_codec_server_settings()
    serve(build(settings), grace_seconds=GRACE_SECONDS, host=settings.host, port=settings.port)


if __name__ == "__main__":
    main()
