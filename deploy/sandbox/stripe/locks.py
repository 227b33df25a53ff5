"""One request at a time on an object, as Stripe has it: https://docs.stripe.com/rate-limits#object-lock-timeouts."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

from deploy.sandbox.stripe.errors import LockTimeout


class ObjectLocks:
    """They end with the process, as the requests do."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, ids: Iterable[str], wait_seconds: float) -> AsyncIterator[None]:
        """Raises `LockTimeout` if another request holds one of them for longer than that."""
        locks = [self._locks.setdefault(id_, asyncio.Lock()) for id_ in sorted(set(ids))]
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(wait_seconds):
                    for lock in locks:
                        await held.enter_async_context(lock)
            except TimeoutError:
                raise LockTimeout(
                    "This object cannot be accessed right now because another API request or Stripe process "
                    "is currently accessing it. If you see this error intermittently, retry the request. If "
                    "you see this error frequently and are making multiple concurrent requests to a single "
                    "object, make your requests serially or at a lower rate.",
                    code="lock_timeout",
                ) from None
            yield
