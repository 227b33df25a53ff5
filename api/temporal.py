"""Every call to Temporal, each bounded: a person is answered within seconds, whatever is down.

An update that was not answered in time may still be done later. The same request under the same key then
finds its outcome, so "try again" is always a safe thing to say.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import (
    Client,
    RPCTimeoutOrCancelledError,
    WithStartWorkflowOperation,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.codes import REFUSALS, ApiCode
from api.errors import Problem
from domain.cards import CardPageOpened, CardRequest
from domain.errors import Refusal
from domain.ids import payout_run_workflow_id, ticket_workflow_id
from domain.messages import Actor, Answer, Ask, TicketRequest
from domain.payouts import PayoutRunRequest, PayoutRunResult
from domain.tickets import Command
from workflows.card.workflow import CardWorkflow
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options as payout_start_options
from workflows.ticket.starting import start_options as ticket_start_options
from workflows.ticket.workflow import TicketWorkflow

# Connecting, waiting and asking why nothing came must all fit in the 5 seconds that people are promised.
CONNECT_SECONDS = 1.5
ANSWER_SECONDS = 4.0
HEALTH_SECONDS = 0.5
RPC_TIMEOUT = timedelta(seconds=ANSWER_SECONDS)
# A month is paid in a second or two; a longer run is looked up afterwards.
RUN_SECONDS = 3.0

WORKER_SEEN_WITHIN = timedelta(seconds=75)

RUN_KEY = "request_key"


@dataclass(frozen=True)
class RunStarted:
    """`result` is None while the run goes on, or when another run of the month has come since."""

    result: PayoutRunResult | None


class Workflows:
    """The workflows as the API sees them. `temporal` is a client, or what connects one."""

    def __init__(self, temporal: Client | Callable[[], Awaitable[Client]], task_queue: str) -> None:
        self._client = temporal if isinstance(temporal, Client) else None
        self._connect = None if isinstance(temporal, Client) else temporal
        self._connecting = asyncio.Lock()
        self._task_queue = task_queue

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

    async def act(self, number: str, command: Command, argument: object, update_id: str) -> Answer:
        """Ask a ticket; its answer comes once what it says is committed. Raises `Problem` or `Refused`."""
        async with self._bounded() as client:
            handle = client.get_workflow_handle(ticket_workflow_id(number))
            answer: Answer = await handle.execute_update(
                command.value, argument, id=update_id, result_type=Answer, rpc_timeout=RPC_TIMEOUT
            )
            return answer

    async def open_ticket(self, request: TicketRequest, actor: Actor, update_id: str) -> None:
        """Start the ticket's workflow, unless it was started before, and wait until it is booked or lost."""
        async with self._bounded() as client:
            operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
                TicketWorkflow.run,
                request,
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                **ticket_start_options(request),
            )
            try:
                await client.execute_update_with_start_workflow(
                    "booked",
                    Ask(actor),
                    start_workflow_operation=operation,
                    id=update_id,
                    result_type=Answer,
                    rpc_timeout=RPC_TIMEOUT,
                )
            except WorkflowAlreadyStartedError:
                # It is over: the ticket was booked long ago, and the database has it.
                return

    async def open_card_page(self, workflow_id: str, request: CardRequest, update_id: str) -> CardPageOpened:
        async with self._bounded() as client:
            operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
                CardWorkflow.run,
                request,
                id=workflow_id,
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            )
            try:
                page: CardPageOpened = await client.execute_update_with_start_workflow(
                    "page",
                    start_workflow_operation=operation,
                    id=update_id,
                    result_type=CardPageOpened,
                    rpc_timeout=RPC_TIMEOUT,
                )
            except WorkflowAlreadyStartedError:
                raise Problem(ApiCode.CARD_PAGE_CLOSED) from None
            return page

    async def run_payouts(self, request: PayoutRunRequest) -> RunStarted:
        """Start a run, or find the one that this same key started. Waits a little for its result.

        Raises `Problem(RUN_IN_PROGRESS)` while a run that something else asked for is open.
        """
        async with self._bounded() as client:
            try:
                handle: WorkflowHandle[Any, PayoutRunResult] = await client.start_workflow(
                    PayoutRunWorkflow.run,
                    request,
                    task_queue=self._task_queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                    memo={RUN_KEY: request.key},
                    rpc_timeout=RPC_TIMEOUT,
                    **payout_start_options(request),
                )
            except WorkflowAlreadyStartedError:
                if not await self._asked_the_latest_run(client, request):
                    raise Problem(Refusal.RUN_IN_PROGRESS) from None
                handle = client.get_workflow_handle_for(
                    PayoutRunWorkflow.run, payout_run_workflow_id(request.month)
                )
        return RunStarted(await self._result_soon(handle))

    async def follow_payouts(self, request: PayoutRunRequest) -> RunStarted:
        """The result of a run started before, if it is still the month's latest."""
        async with self._bounded() as client:
            if not await self._asked_the_latest_run(client, request):
                return RunStarted(None)
            handle: WorkflowHandle[Any, PayoutRunResult] = client.get_workflow_handle_for(
                PayoutRunWorkflow.run, payout_run_workflow_id(request.month)
            )
        return RunStarted(await self._result_soon(handle))

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

    async def has_worker(self) -> bool:
        """Whether a worker asked for tasks lately. A worker's question waits up to a minute at the server."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                client = await self.client()
                request = DescribeTaskQueueRequest(
                    namespace=client.namespace,
                    task_queue=TaskQueue(name=self._task_queue),
                    task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
                )
                queue = await client.workflow_service.describe_task_queue(request)
        except (Problem, RPCError, RuntimeError, TimeoutError):
            return False
        since = datetime.now(UTC) - WORKER_SEEN_WITHIN
        return any(poller.last_access_time.ToDatetime(UTC) > since for poller in queue.pollers)

    async def _asked_the_latest_run(self, client: Client, request: PayoutRunRequest) -> bool:
        handle = client.get_workflow_handle(payout_run_workflow_id(request.month))
        try:
            description = await handle.describe(rpc_timeout=RPC_TIMEOUT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return await description.memo_value(RUN_KEY, None, type_hint=str) == request.key

    async def _result_soon(self, handle: WorkflowHandle[Any, PayoutRunResult]) -> PayoutRunResult | None:
        try:
            async with asyncio.timeout(RUN_SECONDS):
                return await handle.result()
        except (TimeoutError, RPCError, RPCTimeoutOrCancelledError):
            return None
        except WorkflowFailureError as failed:
            raise _problem_of(failed) from None

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[Client]:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                yield await self.client()
        except WorkflowUpdateFailedError as failed:
            raise _problem_of(failed) from None
        except (TimeoutError, RPCTimeoutOrCancelledError):
            raise await self._no_answer() from None
        except RPCError as error:
            match error.status:
                case RPCStatusCode.NOT_FOUND:
                    raise Problem(Refusal.TICKET_CLOSED) from None
                case RPCStatusCode.CANCELLED | RPCStatusCode.DEADLINE_EXCEEDED:
                    raise await self._no_answer() from None
                case _:
                    raise Problem(ApiCode.TEMPORAL_UNAVAILABLE) from error

    async def _no_answer(self) -> Problem:
        """Nobody works, or nobody is even there to say so."""
        there = self._client is not None and await self.answers()
        return Problem(ApiCode.NO_WORKER if there else ApiCode.TEMPORAL_UNAVAILABLE)


def _problem_of(failed: WorkflowUpdateFailedError | WorkflowFailureError) -> Exception:
    """The refusal that a workflow answered with, from its own rules or from those of an activity."""
    cause: BaseException | None = failed.cause
    while cause is not None:
        if isinstance(cause, ApplicationError):
            if cause.type in REFUSALS:
                details = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
                more = {"details": details} if details else {}
                return Problem(Refusal(cause.type), None, **more)
            if cause.type == "AcceptedUpdateCompletedWorkflow":
                return Problem(Refusal.TICKET_CLOSED)
        cause = cause.__cause__
    return failed
