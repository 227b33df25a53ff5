"""Waiting until the tickets have nothing under way but their deadlines."""

import asyncio
import time

from temporalio.client import Client

from deploy.stack import Stack
from deploy.temporal import connect
from domain.ids import ticket_workflow_id
from tests.kill.table import rows

# A mail that was being sent when the worker died is sent again once its time-out has passed.
PATIENCE_SECONDS = 40


async def settled(stack: Stack) -> bool:
    """Whether, in the end, exactly the open tickets have a running workflow, and these only wait."""
    client = await connect(stack.settings("api"))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while await _under_way(client) != _open_tickets(stack):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.5)
    return True


def _open_tickets(stack: Stack) -> dict[str, int]:
    numbers = rows(stack, "SELECT number FROM tickets WHERE status <> 'closed'")
    return {ticket_workflow_id(number): 0 for (number,) in numbers}


async def _under_way(client: Client) -> dict[str, int]:
    """How many steps each running ticket has begun and not ended."""
    under_way = {}
    async for execution in client.list_workflows("WorkflowType = 'Ticket' AND ExecutionStatus = 'Running'"):
        description = await client.get_workflow_handle(execution.id).describe()
        under_way[execution.id] = len(description.raw_description.pending_activities)
    return under_way
