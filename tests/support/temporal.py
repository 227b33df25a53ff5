"""The real Temporal server with a virtual clock for each workflow."""

import gzip
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, Interceptor, WorkflowHandle, WorkflowHistory
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment
from temporalio.worker import Replayer

from deploy.encryption import data_converter
from deploy.sandbox.temporal import ONE_PARTITION, QUICK_TIMERS, temporal_program
from deploy.setting_values import key_id
from deploy.wiring import WORKFLOWS, workflow_runner
from workflows.search_attributes import KEYS

BYTES = b"0123456789abcdef0123456789abcdef"
# As the recorded histories name it, and as a process does that is given it as `PAYLOAD_KEY`.
RECORDED, GIVEN = "test", key_id(BYTES)
KEY = {RECORDED: BYTES, GIVEN: BYTES}
FAST = (
    *("--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"),
    # Otherwise each timer costs about a second of real time, and each retry a fifth of one.
    *(part for setting in (*ONE_PARTITION, *QUICK_TIMERS) for part in ("--dynamic-config-value", setting)),
    *("--dynamic-config-value", "system.forceSearchAttributesCacheRefreshOnRead=true"),
)

# How much the server's memory may grow, in percent, before it looks for what to throw away. Its own value, a
# hundred, costs it a tenth of its time to save a tenth of its memory.
GROWTH_PERCENT = "400"

# How often time may leap in one go. Each retry of a step is a leap, so that an outage of hours takes
# hundreds; the server's own limit of a hundred would leave the rest of it to the real clock.
MOST_SKIPS = 10_000


@asynccontextmanager
async def running_environment(*arguments: str, active: str = RECORDED) -> AsyncIterator[WorkflowEnvironment]:
    os.environ.setdefault("GOGC", GROWTH_PERCENT)
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False, max_session_skip_count=MOST_SKIPS),
        dev_server_existing_path=str(temporal_program()),
        dev_server_extra_args=[*FAST, *arguments],
        data_converter=data_converter(KEY, active),
        search_attributes=KEYS,
    )
    try:
        yield environment
    finally:
        await environment.shutdown()


def client_with(client: Client, *interceptors: Interceptor) -> Client:
    """Another one of the same connection, with these interceptors."""
    config = client.config(active_config=True)
    config["interceptors"] = interceptors
    return Client(**config)


async def replay(*histories: WorkflowHistory) -> None:
    """Raises when today's code would not do what is in the histories."""
    replayer = Replayer(
        workflows=WORKFLOWS, data_converter=data_converter(KEY, RECORDED), workflow_runner=workflow_runner()
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
        path = self.directory / f"{self.test}-{self.kept + 1}.json.gz"
        while path.exists():
            # What an earlier version left stays.
            self.kept += 1
            path = self.directory / f"{self.test}-{self.kept + 1}.json.gz"
        self.kept += 1
        text = json.dumps({"id": history.workflow_id, "history": json.loads(history.to_json())})
        path.write_bytes(gzip.compress(text.encode(), mtime=0))


recording = Recording()


def read_history(path: Path) -> WorkflowHistory:
    kept = json.loads(gzip.decompress(path.read_bytes()))
    return WorkflowHistory.from_json(kept["id"], kept["history"])


def commands_of(history: WorkflowHistory) -> list[str]:
    """What the workflow asked for, in order, in the words of the code: what a change of code may alter for
    tickets that are under way. Times and contents are left out, and so are the updates: when one is taken
    depends on when it is asked."""
    return [line for event in history.events if (line := _command(event)) is not None]


def _command(event: HistoryEvent) -> str | None:
    match event.event_type:
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
            return f"start {event.workflow_execution_started_event_attributes.workflow_type.name}"
        case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            return f"activity {event.activity_task_scheduled_event_attributes.activity_type.name}"
        case EventType.EVENT_TYPE_TIMER_STARTED:
            return "timer"
        case EventType.EVENT_TYPE_TIMER_CANCELED:
            return "timer cancelled"
        case EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
            fields = event.upsert_workflow_search_attributes_event_attributes.search_attributes
            return f"show {', '.join(sorted(fields.indexed_fields))}"
        case EventType.EVENT_TYPE_MARKER_RECORDED:
            return f"marker {event.marker_recorded_event_attributes.marker_name}"
        case EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
            child = event.start_child_workflow_execution_initiated_event_attributes
            return f"child {child.workflow_type.name}"
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
            return "complete"
        case _:
            return None


async def replay_history_of(handle: WorkflowHandle[Any, Any]) -> WorkflowHistory:
    history = await handle.fetch_history()
    await replay(history)
    return history
