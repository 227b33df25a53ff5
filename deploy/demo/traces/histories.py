"""What Temporal keeps, read as it keeps it: no payload is decoded here, and nothing is skipped."""

import asyncio
from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, WorkflowExecution
from temporalio.api.workflowservice.v1 import (
    DescribeScheduleRequest,
    DescribeWorkflowExecutionRequest,
    GetWorkflowExecutionHistoryRequest,
    ListSchedulesRequest,
    ListWorkflowExecutionsRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from deploy.demo.traces.readings import legible
from deploy.demo.traces.searched import Search
from deploy.encryption import ENCODING

SIDE_BY_SIDE = 8


async def look_through_temporal(search: Search, client: Client) -> None:
    """All workflows of the namespace, running and ended, with their histories, and all Schedules."""
    turn = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(execution: WorkflowExecution) -> None:
        async with turn:
            await _look_at_workflow(search, client, execution)

    async for executions in _workflows(search, client):
        await asyncio.gather(*(one(execution) for execution in executions))
    await _look_at_schedules(search, client)


async def _workflows(search: Search, client: Client) -> Any:
    page = b""
    while True:
        answer = await client.workflow_service.list_workflow_executions(
            ListWorkflowExecutionsRequest(namespace=client.namespace, page_size=200, next_page_token=page)
        )
        for info in answer.executions:
            # What is listed is kept apart from the histories: memo and search attributes.
            search.look(f"liste Temporal, {info.execution.workflow_id}", _counted(search, info))
        yield [info.execution for info in answer.executions]
        if not (page := answer.next_page_token):
            return


async def _look_at_workflow(search: Search, client: Client, execution: WorkflowExecution) -> None:
    service, where = client.workflow_service, f"historique Temporal, {execution.workflow_id}"
    page, said = b"", []
    try:
        while True:
            answer = await service.get_workflow_execution_history(
                GetWorkflowExecutionHistoryRequest(
                    namespace=client.namespace, execution=execution, next_page_token=page
                )
            )
            search.counts["events"] += len(answer.history.events)
            said += [_counted(search, event) for event in answer.history.events]
            if not (page := answer.next_page_token):
                break
        # Steps under way: what they last reported, and how they last failed.
        described = await service.describe_workflow_execution(
            DescribeWorkflowExecutionRequest(namespace=client.namespace, execution=execution)
        )
    except RPCError as error:
        # Kept long enough, and deleted since it was listed.
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return
    search.look(where, "\n".join([*said, _counted(search, described)]))
    search.counts["histories"] += 1


async def _look_at_schedules(search: Search, client: Client) -> None:
    page = b""
    while True:
        answer = await client.workflow_service.list_schedules(
            ListSchedulesRequest(namespace=client.namespace, maximum_page_size=100, next_page_token=page)
        )
        for entry in answer.schedules:
            described = await client.workflow_service.describe_schedule(
                DescribeScheduleRequest(namespace=client.namespace, schedule_id=entry.schedule_id)
            )
            said = [_counted(search, entry), _counted(search, described)]
            search.look(f"Schedule Temporal, {entry.schedule_id}", "\n".join(said))
            search.counts["schedules"] += 1
        if not (page := answer.next_page_token):
            return


def _counted(search: Search, message: Message) -> str:
    """All texts and bytes of a message, a line each, every payload counted."""
    lines = []
    for path, value in leaves(message):
        if isinstance(value, Payload):
            sealed = value.metadata.get("encoding") == ENCODING
            search.counts["sealed payloads" if sealed else "clear payloads"] += 1
        else:
            lines.append(f'{path}: "{value if isinstance(value, str) else legible(value)}"')
    return "\n".join(lines)


def leaves(message: Message, path: str = "") -> Iterator[tuple[str, str | bytes | Payload]]:
    """Every payload, every text, every bytes and every key of a map, however deep, with the fields that lead
    there; what is in a payload comes after it."""
    if isinstance(message, Payload):
        yield path, message
    for field, value in message.ListFields():
        here = f"{path}.{field.name}" if path else field.name
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            of_values = field.message_type.fields_by_name["value"]
            for key, one in value.items():
                yield f"{here} key", str(key)
                yield from _leaf(of_values, one, here)
        else:
            single = isinstance(value, (str, bytes, int, float, Message))
            for one in (value,) if single else value:
                yield from _leaf(field, one, here)


def _leaf(field: FieldDescriptor, value: Any, path: str) -> Iterator[tuple[str, str | bytes | Payload]]:
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        yield from leaves(value, path)
    elif isinstance(value, (str, bytes)):
        yield path, value
