"""Waiting with deadlines: one durable timer at a time, each deadline ringing once unless it became void."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from temporalio import workflow


def never() -> bool:
    return False


def always() -> bool:
    return True


@dataclass
class Deadline:
    """At `at`, `ring` is awaited, unless `void` has become true. `again` says when it rings next, from when
    it rang last; it then does so until it is void or the wait is over."""

    at: datetime
    label: str
    ring: Callable[[], Awaitable[None]]
    void: Callable[[], bool] = field(default=never)
    again: Callable[[datetime], datetime] | None = None


async def wait(done: Callable[[], bool], deadlines: list[Deadline]) -> None:
    """Wait until `done`, ringing the deadlines that pass meanwhile, earliest first.

    A deadline that is void when its turn comes is dropped, and so costs no timer. Those that have rung are
    taken out of the list: the same one can be waited on again, and be added to while it is.
    """
    while not done():
        deadlines[:] = [deadline for deadline in deadlines if not deadline.void()]
        if not deadlines:
            await workflow.wait_condition(lambda: done() or bool(deadlines))
            continue
        next_one = min(deadlines, key=lambda deadline: deadline.at)
        if not await _passed(next_one, done, deadlines):
            continue
        deadlines.remove(next_one)
        if next_one.again is not None:
            next_one.at = next_one.again(next_one.at)
            deadlines.append(next_one)
        await next_one.ring()


async def _passed(deadline: Deadline, done: Callable[[], bool], deadlines: list[Deadline]) -> bool:
    """True when the deadline has come; false when the wait is over or the deadline void before, or when an
    earlier one was added meanwhile."""
    left = deadline.at - workflow.now()
    if left <= timedelta(0):
        return True
    try:
        await workflow.wait_condition(
            lambda: done() or deadline.void() or any(other.at < deadline.at for other in deadlines),
            timeout=left,
            timeout_summary=deadline.label,
        )
    except TimeoutError:
        return True
    return False
