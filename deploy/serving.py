"""How our HTTP processes end: they take no new request, answer those under way, and wait for no page that
only listens."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
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
    _Server(_config(app, grace_seconds, **more), leave).run()


def _config(app: ASGIApp, grace_seconds: int, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        timeout_graceful_shutdown=grace_seconds,
        # Its own would write lines of its own shape.
        log_config=None,
        log_level="warning",
        access_log=False,
        **more,
    )


class _Beside(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are for the process that it is a part of."""
        yield


@asynccontextmanager
async def served_beside(app: ASGIApp, host: str, port: int) -> AsyncIterator[None]:
    """For as long as something else is done in the same event loop. A port that another process has ends
    ours."""
    server = _Beside(_config(app, grace_seconds=1, host=host, port=port, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving
