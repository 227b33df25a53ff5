"""Waiting with deadlines: one durable timer at a time, each deadline ringing once unless it became void."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from temporalio import workflow


def never() -> bool:
    return False


@dataclass
class Deadline:
    """At `at`, `ring` is awaited, unless `void` has become true. `every` repeats it from then on."""

    at: datetime
    label: str
    ring: Callable[[], Awaitable[None]]
    void: Callable[[], bool] = field(default=never)
    every: timedelta | None = None


async def wait(done: Callable[[], bool], deadlines: Sequence[Deadline]) -> None:
    """Wait until `done`, ringing the deadlines that pass meanwhile, earliest first.

    A deadline that is void when its turn comes is dropped, and so costs no timer.
    """
    pending = list(deadlines)
    while not done():
        pending = [deadline for deadline in pending if not deadline.void()]
        if not pending:
            await workflow.wait_condition(done)
            return
        next_one = min(pending, key=lambda deadline: deadline.at)
        if not await _passed(next_one, done):
            continue
        pending.remove(next_one)
        if next_one.every is not None:
            next_one.at += next_one.every
            pending.append(next_one)
        await next_one.ring()


async def _passed(deadline: Deadline, done: Callable[[], bool]) -> bool:
    """True when the deadline has come; false when the wait is over or the deadline void before."""
    left = deadline.at - workflow.now()
    if left <= timedelta(0):
        return True
    try:
        await workflow.wait_condition(
            lambda: done() or deadline.void(), timeout=left, timeout_summary=deadline.label
        )
    except TimeoutError:
        return True
    return False
