"""Lets the Temporal UI show payloads in clear to those who may read them.

The browser asks it directly, so it answers the UI's own origin only. It asks nobody who they are:
it listens on loopback, and anywhere else an authenticating proxy stands before it.
"""

import sys

import uvicorn
from google.protobuf import json_format
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from temporalio.api.common.v1 import Payloads

from deploy.encryption import EncryptionCodec, PayloadUnreadable
from deploy.settings import CodecServerSettings, SettingsRefused, read_codec_server_settings

ALLOWED_HEADERS = "content-type, x-namespace, authorization"


def origins_of(ui_url: str) -> frozenset[str]:
    """The UI's origin; on loopback its two spellings, since a person may type either."""
    if "//127.0.0.1" in ui_url:
        return frozenset({ui_url, ui_url.replace("//127.0.0.1", "//localhost", 1)})
    return frozenset({ui_url})


class _CodecRoutes:
    def __init__(self, codec: EncryptionCodec, origins: frozenset[str]) -> None:
        self._codec = codec
        self._origins = origins

    def _cross_origin_headers(self, request: Request) -> dict[str, str]:
        origin = request.headers.get("origin")
        if origin not in self._origins:
            return {"vary": "origin"}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "POST, OPTIONS",
            "access-control-allow-headers": ALLOWED_HEADERS,
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
        try:
            given = json_format.Parse(await request.body(), Payloads(), ignore_unknown_fields=True)
            turn = self._codec.encode if request.url.path == "/encode" else self._codec.decode
            answer = Payloads(payloads=await turn(given.payloads))
        except (json_format.ParseError, PayloadUnreadable, UnicodeDecodeError) as error:
            return JSONResponse({"error": str(error)}, 400, headers=headers)
        return Response(json_format.MessageToJson(answer), media_type="application/json", headers=headers)


async def _health(_request: Request) -> Response:
    return Response("ok")


def build(settings: CodecServerSettings) -> Starlette:
    routes = _CodecRoutes(
        EncryptionCodec(settings.payload_keys, settings.active_payload_key), origins_of(settings.ui_origin)
    )
    return Starlette(
        routes=[
            Route("/encode", routes.convert, methods=["POST", "OPTIONS"]),
            Route("/decode", routes.convert, methods=["POST", "OPTIONS"]),
            Route("/healthz", _health),
        ]
    )


def main() -> int:
    try:
        settings = read_codec_server_settings()
    except SettingsRefused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    uvicorn.run(build(settings), host=settings.host, port=settings.port, log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
