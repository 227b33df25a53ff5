"""The servers and the event loop that all examples of one process share."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from temporalio.testing import WorkflowEnvironment

from activities.gateways.stripe_payments import StripePayments
from tests.support.postgres import Cluster
from tests.support.stripe_sandbox import API_KEY, StripeSandbox
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
    asyncio.run_coroutine_threadsafe(_fund(stripe), loop).result(60)
    try:
        yield Servers(loop, environment, cluster, stripe, count(1))
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _fund(stripe: StripeSandbox) -> None:
    """Enough available on the account for every refund: what is charged is pending for some days."""
    payments = StripePayments(API_KEY, stripe.url)
    customer, invoice = await payments.open_customer("someone else"), "F2026-999999"
    intent = await payments.prepare_charge(
        invoice=invoice,
        ticket="99999999",
        amount_cents=99_000_000,
        customer=customer,
        card="pm_card_bypassPending",
    )
    await payments.charge(intent=intent, invoice=invoice, attempt=1, card="pm_card_bypassPending")
    await payments.close()
