"""The real Temporal server with a virtual clock for each workflow."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from temporalio.client import Client, Interceptor, WorkflowHandle, WorkflowHistory
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment
from temporalio.worker import Replayer

from deploy.encryption import data_converter
from deploy.sandbox.temporal import ONE_PARTITION, QUICK_TIMERS, temporal_program
from deploy.setting_values import key_id
from deploy.wiring import WORKFLOWS, workflow_runner
from tests.support.histories import recording
from workflows.search_attributes import KEYS

BYTES = b"0123456789abcdef0123456789abcdef"
# As the recorded histories name it, and as a process does that is given it as `PAYLOAD_KEY`.
RECORDED, GIVEN = "test", key_id(BYTES)
KEY = {RECORDED: BYTES, GIVEN: BYTES}
CONVERTER = data_converter(KEY, RECORDED)
# Of workers on which something is pinned: those that have no build are never given it. Releasing it costs a
# third of a second for each queue, which the many that only play tickets do without.
BUILD = "test"
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
    replayer = Replayer(workflows=WORKFLOWS, data_converter=CONVERTER, workflow_runner=workflow_runner())
    for history in histories:
        await replayer.replay_workflow(history)
        await recording.keep(history, CONVERTER)


async def replay_history_of(handle: WorkflowHandle[Any, Any]) -> WorkflowHistory:
    history = await handle.fetch_history()
    await replay(history)
    return history
