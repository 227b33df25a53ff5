"""The connection to Temporal, each use of it bounded: a person is answered within seconds, whatever is down.

An update that was not answered in time may still be done later. The same request under the same key then
finds its outcome, so "try again" is always a safe thing to say.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import (
    Client,
    RPCTimeoutOrCancelledError,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from api.codes import REFUSALS, ApiCode
from api.errors import Problem
from domain.errors import Refusal

# Connecting, waiting and asking why nothing came must all fit in the 5 seconds that people are promised.
CONNECT_SECONDS = 1.5
ANSWER_SECONDS = 4.0
HEALTH_SECONDS = 0.5
RPC_TIMEOUT = timedelta(seconds=ANSWER_SECONDS)
WORKER_SEEN_WITHIN = timedelta(seconds=75)


class Temporal:
    """`source` is a connected client, or what connects one; then each use tries again until one is found."""

    def __init__(self, source: Client | Callable[[], Awaitable[Client]]) -> None:
        self._client = source if isinstance(source, Client) else None
        self._connect = None if isinstance(source, Client) else source
        self._connecting = asyncio.Lock()

    async def client(self) -> Client:
        """Connected once; from then on it reconnects by itself."""
        async with self._connecting:
            if self._client is None and self._connect is not None:
                try:
                    async with asyncio.timeout(CONNECT_SECONDS):
                        self._client = await self._connect()
                except Exception as error:  # whatever it raises, nothing answered there
                    raise Problem(ApiCode.TEMPORAL_UNAVAILABLE) from error
            if self._client is None:
                raise Problem(ApiCode.TEMPORAL_UNAVAILABLE)
            return self._client

    @asynccontextmanager
    async def bounded(self, over: Refusal = Refusal.TICKET_CLOSED) -> AsyncIterator[Client]:
        """A client to ask something of, within the time that people are promised an answer.

        Raises `Problem` when none comes, or with the refusal that came instead: `over` from a workflow that
        ended before it answered.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                yield await self.client()
        except WorkflowUpdateFailedError as failed:
            raise problem_of(failed, over) from None
        except (TimeoutError, RPCTimeoutOrCancelledError):
            raise await self._no_answer() from None
        except RPCError as error:
            if error.status in {RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED}:
                raise await self._no_answer() from None
            raise Problem(ApiCode.TEMPORAL_UNAVAILABLE) from error

    async def _no_answer(self) -> Problem:
        """Nobody works, or nobody is even there to say so."""
        there = self._client is not None and await self.answers()
        return Problem(ApiCode.NO_WORKER if there else ApiCode.TEMPORAL_UNAVAILABLE)

    async def answers(self) -> bool:
        """Whether Temporal is there now."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                client = await self.client()
                return await client.service_client.check_health(
                    retry=False, timeout=timedelta(seconds=HEALTH_SECONDS)
                )
        except (Problem, RPCError, RuntimeError, TimeoutError):
            return False

    async def has_worker(self, task_queue: str) -> bool:
        """Whether a worker asked for tasks lately. A worker's question waits up to a minute at the server."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                client = await self.client()
                request = DescribeTaskQueueRequest(
                    namespace=client.namespace,
                    task_queue=TaskQueue(name=task_queue),
                    task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
                )
                queue = await client.workflow_service.describe_task_queue(request)
        except (Problem, RPCError, RuntimeError, TimeoutError):
            return False
        since = datetime.now(UTC) - WORKER_SEEN_WITHIN
        return any(poller.last_access_time.ToDatetime(UTC) > since for poller in queue.pollers)


def problem_of(
    failed: WorkflowUpdateFailedError | WorkflowFailureError, over: Refusal = Refusal.TICKET_CLOSED
) -> Exception:
    """The refusal that a workflow answered with, from its own rules or from those of an activity."""
    cause: BaseException | None = failed.cause
    while cause is not None:
        if isinstance(cause, ApplicationError):
            if cause.type in REFUSALS:
                details = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
                more = {"details": details} if details else {}
                return Problem(Refusal(cause.type), None, **more)
            if cause.type == "AcceptedUpdateCompletedWorkflow":
                return Problem(over)
        cause = cause.__cause__
    return failed
