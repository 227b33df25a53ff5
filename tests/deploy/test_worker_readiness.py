"""A worker says what is missing before whoever asks gives up, also of stores that let everybody wait."""

import socket
import time

from temporalio.client import Client

from db.engine import create_engine, sessions
from deploy.worker_health import WorkerHealth


async def test_who_does_not_even_refuse_is_named_in_time() -> None:
    """Both are asked at once: one after the other they would take longer."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        engine = create_engine(f"postgresql+psycopg://omea_worker@{address}/omea")
        health = WorkerHealth(sessions(engine))
        health.connected(await Client.connect(address, lazy=True))
        begun = time.monotonic()
        missing = await health.missing()
        took = time.monotonic() - begun
        await engine.dispose()
    assert missing == ["postgres", "temporal", "worker"]
    assert took < 4
