"""The real Temporal server with a virtual clock for each workflow."""

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment
from temporalio.worker import Replayer

from deploy.encryption import data_converter
from deploy.sandbox.temporal import temporal_program
from deploy.wiring import WORKFLOWS, workflow_runner
from workflows.search_attributes import KEYS

KEY = {"test": b"0123456789abcdef0123456789abcdef"}
FAST = (
    *("--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"),
    # Otherwise each timer costs about a second of real time.
    *("--dynamic-config-value", 'history.timerProcessorMaxTimeShift="10ms"'),
    # Or 20 looks a second at what is due, after which each timer and each retry waits for its turn: 0.2 s.
    *("--dynamic-config-value", "history.timerProcessorMaxPollRPS=1000"),
    *("--dynamic-config-value", "history.transferProcessorMaxPollRPS=1000"),
    *("--dynamic-config-value", "system.forceSearchAttributesCacheRefreshOnRead=true"),
)


@asynccontextmanager
async def running_environment(*arguments: str) -> AsyncIterator[WorkflowEnvironment]:
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        dev_server_existing_path=str(temporal_program()),
        dev_server_extra_args=[*FAST, *arguments],
        data_converter=data_converter(KEY, "test"),
        search_attributes=KEYS,
    )
    try:
        yield environment
    finally:
        await environment.shutdown()


async def replay(*histories: WorkflowHistory) -> None:
    """Raises when today's code would not do what is in the histories."""
    replayer = Replayer(
        workflows=WORKFLOWS, data_converter=data_converter(KEY, "test"), workflow_runner=workflow_runner()
    )
    for history in histories:
        await replayer.replay_workflow(history)
        if recording.directory is not None:
            recording.keep(history)


@dataclass
class Recording:
    """Where `pytest --record-histories` keeps the histories that its tests have replayed."""

    directory: Path | None = None
    test: str = ""
    kept: int = 0

    def begin(self, test: str) -> None:
        self.test, self.kept = test, 0

    def keep(self, history: WorkflowHistory) -> None:
        assert self.directory is not None
        self.directory.mkdir(exist_ok=True)
        self.kept += 1
        path = self.directory / f"{self.test}-{self.kept}.json.gz"
        text = json.dumps({"id": history.workflow_id, "history": json.loads(history.to_json())})
        path.write_bytes(gzip.compress(text.encode(), mtime=0))


recording = Recording()


def read_history(path: Path) -> WorkflowHistory:
    kept = json.loads(gzip.decompress(path.read_bytes()))
    return WorkflowHistory.from_json(kept["id"], kept["history"])


async def replay_history_of(handle: WorkflowHandle[Any, Any]) -> WorkflowHistory:
    history = await handle.fetch_history()
    await replay(history)
    return history
