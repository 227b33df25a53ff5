"""What Temporal charges for a ticket, by the server's own counter."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from deploy.demo.temporal_cost import actions_by_kind
from deploy.sandbox.ports import free_port
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.temporal import running_environment
from tests.workflows.conftest import open_office

# The virtual clock's own: no ticket has them.
CLOCKWORK = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
}


@pytest.fixture
async def measured() -> AsyncIterator[tuple[WorkflowEnvironment, str]]:
    """A server of its own, so that its counter counts one ticket."""
    port = free_port()
    async with running_environment("--metrics-port", str(port)) as environment:
        yield environment, f"http://127.0.0.1:{port}"


async def test_a_happy_ticket_costs_at_most_45_actions_and_200_events(
    measured: tuple[WorkflowEnvironment, str], database: Database, stripe: StripeSandbox
) -> None:
    environment, metrics = measured
    async with open_office(environment, database, stripe) as office:
        await office.save_card("pm_card_visa")
        ticket = await office.a_ticket(ahead=timedelta(days=3))
        await ticket.reach_review(minutes=26)
        await ticket.pass_time(timedelta(days=1))
        await ticket.act("review", ticket.satisfied())
        await ticket.handle.signal("payment_news")
        assert await ticket.handle.result() == "paid"
        assert office.database.rows("SELECT count(*) FROM notifications WHERE kind = 'reminder'") == [(4,)]
        actions = await actions_by_kind(metrics, "default")
        history = await ticket.handle.fetch_history()
    del actions["grpc_UpdateWorkflowExecutionOptions"]
    events = [event for event in history.events if event.event_type not in CLOCKWORK]
    assert actions == {
        "grpc_StartWorkflowExecution": 1,
        "grpc_SignalWorkflowExecution": 1,
        "message_UpdateWorkflowExecution_Acceptance": 8,
        "command_ScheduleActivityTask": 16,
        "command_StartTimer": 8,
        "command_UpsertWorkflowSearchAttributes": 6,
    }
    assert sum(actions.values()) == 40 <= 45
    assert len(events) <= 200
