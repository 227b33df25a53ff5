import asyncio
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

from deploy.sandbox import temporal
from deploy.sandbox.ports import free_port


class Server:
    def __init__(self, database: Path) -> None:
        self.database = database
        self.port, self.ui_port, self.metrics_port = free_port(), free_port(), free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = temporal.command(
            self.database, port=self.port, ui_port=self.ui_port, metrics_port=self.metrics_port
        )
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            if temporal.is_serving(self.address):
                return
        raise AssertionError("the server does not serve")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "temporal.sqlite")
    yield running
    running.process.kill()
    running.process.wait()


async def test_a_waiting_workflow_waits_on_after_a_kill(server: Server) -> None:
    client = await Client.connect(server.address, namespace="omea")
    await client.start_workflow("wait", id="ticket/48291573", task_queue="nobody")
    server.process.kill()
    server.process.wait()
    server.start()
    description = await client.get_workflow_handle("ticket/48291573").describe(
        rpc_timeout=timedelta(seconds=20)
    )
    assert (description.workflow_type, description.status and description.status.name) == ("wait", "RUNNING")


@workflow.defn(sandboxed=False)
class Nothing:
    @workflow.run
    async def run(self) -> None: ...


@activity.defn
async def nothing() -> None: ...


async def test_a_worker_is_seen_as_soon_as_it_asks_for_work(server: Server) -> None:
    asked = (server.address, "omea", "omea", os.getpid())
    before = temporal.is_polled_by(*asked)
    client = await Client.connect(server.address, namespace="omea")
    async with Worker(client, task_queue="omea", workflows=[Nothing], activities=[nothing]):
        for _ in range(40):
            if temporal.is_polled_by(*asked):
                break
            await asyncio.sleep(0.05)
        seen = temporal.is_polled_by(*asked)
    assert (before, seen) == (False, True)


def test_nobody_serves_where_nothing_listens() -> None:
    assert not temporal.is_serving(f"127.0.0.1:{free_port()}")


def test_the_program_beside_this_python_is_preferred_then_that_of_the_path_then_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert temporal.temporal_program() == Path(sysconfig.get_path("scripts")) / "temporal"
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/local/bin/temporal")
    assert temporal.temporal_program() == Path("/usr/local/bin/temporal")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(temporal.TemporalMissing):
        temporal.temporal_program()
