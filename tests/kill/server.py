"""The API under test: the product's own, watched before each answer. `python -m tests.kill.server VAR`

Moments: `{method} {route} answered`: the work is done and committed, and not a byte of the answer is sent.
"""

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy import logs
from deploy.server import GRACE_SECONDS, build
from deploy.settings import read_settings
from tests.kill.points import Points

# A worker that is killed and started again may be away for as long as the 6 s that a client of the
# demonstration has to be dissatisfied; in production they have 72 h.
REVIEW_WINDOW = timedelta(seconds=10)


class Watched:
    def __init__(self, app: ASGIApp, points: Points) -> None:
        self._app = app
        self._points = points

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                route = getattr(scope.get("route"), "path", scope["path"])
                self._points.reach(f"{scope['method']} {route} answered")
            await send(message)

        await self._app(scope, receive, watched if scope["type"] == "http" else send)


def main(var: Path) -> None:
    logs.configure()
    settings = read_settings()
    app = build(settings)
    given = app.state.dependencies
    app.state.dependencies = replace(given, deadlines=replace(given.deadlines, review=REVIEW_WINDOW))
    uvicorn.run(
        Watched(app, Points(var)),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
