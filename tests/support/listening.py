"""The API where a real browser finds it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn

from api.app import create_app
from api.dependencies import Dependencies


@asynccontextmanager
async def listening(given: Dependencies, swagger_ui: Path | None = None) -> AsyncIterator[str]:
    """On these collaborators; answers its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(replace(given, public_url=url), swagger_ui)
        # An open stream would hold it up until the stream's own end.
        config = uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield url
        finally:
            server.should_exit = True
            await serving
