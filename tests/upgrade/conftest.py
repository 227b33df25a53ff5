"""A whole stack without a worker: the tests start theirs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from deploy.composition import PARTS
from deploy.demo.main import Stage
from deploy.settings import read_stack_settings
from deploy.stack import Stack, running_stack
from deploy.temporal import connect

# The one that the stack begins with.
BUILD = "first"
PATIENCE_SECONDS = 60


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    var: Path = tmp_path_factory.mktemp("upgrade")
    parts = [part for part in PARTS if part != "worker"]
    given = read_stack_settings({"OMEA_BUILD_ID": BUILD})
    with running_stack(var, parts=parts, any_ports=True, durable=False, given=given) as running:
        yield running


@pytest.fixture
async def client(stack: Stack) -> Client:
    return await connect(stack.settings("worker"))


async def eventually(look: Callable[[], Awaitable[Any]]) -> Any:
    """What is found, once something is."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (found := await look()):  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.05)
        return found


@asynccontextmanager
async def slow_stripe(stage: Stage, seconds: float) -> AsyncIterator[None]:
    """Each request that changes something takes that long."""

    async def switch(length: float) -> None:
        answer = await stage.stripe.post("/_sandbox/settings", json={"processing_seconds": length})
        answer.raise_for_status()

    await switch(seconds)
    try:
        yield
    finally:
        await switch(0)
