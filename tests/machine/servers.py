"""The servers and the event loop that all examples of one process share."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from temporalio.testing import WorkflowEnvironment

from tests.support.postgres import Cluster
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.temporal import running_environment

T = TypeVar("T")


@dataclass
class Servers:
    """Hypothesis' machines are synchronous: what they do runs on a loop in a thread of its own."""

    loop: asyncio.AbstractEventLoop
    environment: WorkflowEnvironment
    cluster: Cluster
    stripe: StripeSandbox
    numbers: Iterator[int]

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 120) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)


@contextmanager
def running_servers(cluster: Cluster, stripe: StripeSandbox) -> Iterator[Servers]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="machine", daemon=True)
    thread.start()
    stack = AsyncExitStack()
    opening = stack.enter_async_context(running_environment())
    environment = asyncio.run_coroutine_threadsafe(opening, loop).result(60)
    try:
        yield Servers(loop, environment, cluster, stripe, count(1))
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
