"""A worker that dies in the middle of a step: before its work was done, or after its commit."""

import asyncio
from typing import Any, Literal

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

When = Literal["before", "after"]


class Crashes(Interceptor):
    """Once armed, the next step never answers; `hit` is set when it got that far, and whoever waits for it
    replaces the worker."""

    def __init__(self) -> None:
        self.armed: When | None = None
        self.hit = asyncio.Event()

    def take(self) -> When | None:
        armed, self.armed = self.armed, None
        return armed

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002  # the SDK's name
        return _Step(next, self)


class _Step(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, crashes: Crashes) -> None:  # noqa: A002
        super().__init__(next)
        self._crashes = crashes

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        when = self._crashes.take()
        if when is None:
            return await super().execute_activity(input)
        if when == "after":
            await super().execute_activity(input)
        self._crashes.hit.set()
        await activity.wait_for_worker_shutdown()
        # The server hands the step out again.
        raise ApplicationError("the worker was killed", category=ApplicationErrorCategory.BENIGN)
