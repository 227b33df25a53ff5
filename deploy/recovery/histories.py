"""What Temporal remembers: each process, and the steps that it has asked for, with what they answered."""

import asyncio
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus

from domain.messages import TicketRequest
from domain.payouts import PayoutRunRequest

# By whom a repair ends a process that knows less than the database.
ENDED_BY = "omea reconcile"
# Of whom it counts what they were started with.
REQUESTS: dict[str, type] = {"Ticket": TicketRequest, "PayoutRun": PayoutRunRequest}
# Those that write what must not be forgotten. The others mail, or look, and look again.
TYPES = (
    *("Ticket", "Card", "Refund", "Excess", "Chargeback", "PayoutRun", "TechnicianPayout", "Transfer"),
    *("BankMessage", "StatementContest", "Erasure", "Account", "AccountPage"),
)
# What the others do is done again by the clock, or was only told.
NOT_READ = (
    *("ScheduledPayouts", "Reconciliation", "Invariants", "Purge", "ExpiringPapers", "EarningsTold"),
    *("SignInLink", "AdmissionLetter", "TextMessage"),
)
# Histories read at once: enough for some hundred a second, and few enough for a server that others use.
AT_ONCE = 20

SCHEDULED = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
COMPLETED = EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
STARTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
TERMINATED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED
CANCELED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED


@dataclass(frozen=True)
class Step:
    """One step that a process, begun at `began`, has asked for. `done` once it has answered `result`, at
    `at`; before that its process waits for it, and asks again by itself."""

    workflow: str
    run: str
    event: int
    name: str
    message: Any
    began: datetime
    at: datetime
    done: bool = False
    result: Any = None


@dataclass(frozen=True)
class Process:
    """One run of a workflow; `request` is what a ticket or a payout run was started with. `stopped` once
    somebody has ended it on purpose, which a repair does not."""

    workflow: str
    run: str
    type: str
    running: bool
    steps: tuple[Step, ...]
    request: Any = None
    stopped: bool = False


@dataclass(frozen=True)
class Shape:
    """What a step is told and what it answers; None for nothing."""

    message: Any
    result: Any


def shapes(activities: Iterable[Callable[..., Any]]) -> dict[str, Shape]:
    """By the name of the step."""
    found = {}
    for method in activities:
        hints = typing.get_type_hints(method)
        result = hints.pop("return")
        message = next(iter(hints.values()), None)
        found[method.__name__] = Shape(message, None if result is type(None) else result)
    return found


async def read_processes(client: Client, task_queue: str, known: Mapping[str, Shape]) -> list[Process]:
    """Every process of ours that Temporal still has, the ended ones included (it keeps them for 30 days)."""
    types = ", ".join(f"'{name}'" for name in TYPES)
    query = f"TaskQueue = '{task_queue}' AND WorkflowType IN ({types})"
    listed = [one async for one in client.list_workflows(query, page_size=1000)]
    gate = asyncio.Semaphore(AT_ONCE)

    async def read(one: WorkflowExecution) -> Process:
        async with gate:
            return await read_process(client, one, known)

    return list(await asyncio.gather(*(read(one) for one in listed)))


async def read_process(client: Client, of: WorkflowExecution, known: Mapping[str, Shape]) -> Process:
    decode = client.data_converter.decode
    asked: dict[int, Step] = {}
    request, stopped = None, False
    handle = client.get_workflow_handle(of.id, run_id=of.run_id)
    async for event in handle.fetch_history_events():
        at = event.event_time.ToDatetime(tzinfo=UTC)
        if event.event_type == STARTED and of.workflow_type in REQUESTS:
            given = event.workflow_execution_started_event_attributes.input.payloads
            [request] = await decode(given, [REQUESTS[of.workflow_type]])
        elif event.event_type == TERMINATED:
            stopped = event.workflow_execution_terminated_event_attributes.reason != ENDED_BY
        elif event.event_type == CANCELED:
            stopped = True
        elif event.event_type == SCHEDULED:
            wanted = event.activity_task_scheduled_event_attributes
            shape = known.get(wanted.activity_type.name)
            if shape is None:
                continue
            given, types = wanted.input.payloads, [shape.message] if shape.message else []
            message = next(iter(await decode(given, types)), None)
            name = wanted.activity_type.name
            asked[event.event_id] = Step(of.id, of.run_id, event.event_id, name, message, of.start_time, at)
        elif event.event_type == COMPLETED:
            ended = event.activity_task_completed_event_attributes
            step = asked.get(ended.scheduled_event_id)
            if step is None:
                continue
            answer, kind = ended.result.payloads, known[step.name].result
            result = (await decode(answer, [kind]))[0] if kind is not None else None
            asked[step.event] = replace(step, at=at, done=True, result=result)
    running = of.status is WorkflowExecutionStatus.RUNNING
    return Process(of.id, of.run_id, of.workflow_type, running, tuple(asked.values()), request, stopped)
