"""How our HTTP processes end: they take no new request, answer those under way, and wait for no page that
only listens."""

import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.types import ASGIApp


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, leave: Callable[[], None]) -> None:
        super().__init__(config)
        self._leave = leave

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._leave()
        await super().shutdown(sockets)


def serve(app: ASGIApp, *, grace_seconds: int, leave: Callable[[], None] = lambda: None, **more: Any) -> None:
    """Until SIGTERM or SIGINT, and `grace_seconds` longer at most. `leave` is called first: it ends what
    would go on by itself. `more` are settings of uvicorn."""
    config = uvicorn.Config(
        app,
        timeout_graceful_shutdown=grace_seconds,
        # Its own would write lines of its own shape.
        log_config=None,
        log_level="warning",
        access_log=False,
        **more,
    )
    _Server(config, leave).run()
