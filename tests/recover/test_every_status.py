"""Whatever a ticket waits for when Temporal forgets it, it waits for the same afterwards."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle

from deploy.recovery.looking import look
from deploy.recovery.repairing import repair
from domain.messages import Actor
from domain.recovery import Kind
from domain.tickets import COMMAND_ROLES, Command, Role
from tests.recover.world import REASON, World
from tests.support.tickets import PlayedTicket
from tests.workflows.reaching import WAYS, message, ready

# A step's time is told when it is asked for, and counts from when it is done.
TOLERANCE = timedelta(seconds=2)
# What ends each wait, or leads on from it. A ticket that is requested is in no database yet.
NEXT = {
    "to_assign": "cancel",
    "scheduled": "start",
    "in_session": "extend",
    "to_report": "report",
    "in_review": "review",
    "suspended": "ruling",
    "invoiced": "dispute",
    "unpaid": "write_off",
    "not_credible": "ruling",
    "withdrawn": "ruling",
    "to_assign_2": "cancel",
    "scheduled_2": "start",
    "in_session_2": "stop",
    "to_report_2": "report",
    "in_review_2": "review",
    "suspended_2": "ruling",
}


def test_every_way_is_gone() -> None:
    assert NEXT.keys() | {"requested"} == WAYS.keys()


def whose(ticket: PlayedTicket, command: str) -> Actor:
    roles = COMMAND_ROLES[Command(command)]
    if Role.TECHNICIAN in roles:
        return ticket.as_technician
    return ticket.as_client if Role.CLIENT in roles else ticket.as_back_office


async def due(handle: WorkflowHandle[Any, Any]) -> datetime:
    """When the timer rings that is set now."""
    timers: dict[str, datetime] = {}
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            started = event.timer_started_event_attributes
            length = started.start_to_fire_timeout.ToTimedelta()
            timers[started.timer_id] = event.event_time.ToDatetime(tzinfo=UTC) + length
        elif event.event_type == EventType.EVENT_TYPE_TIMER_CANCELED:
            del timers[event.timer_canceled_event_attributes.timer_id]
        elif event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
            del timers[event.timer_fired_event_attributes.timer_id]
    [at] = timers.values()
    return at


@pytest.mark.soak
@pytest.mark.parametrize("state", NEXT)
async def test_a_ticket_that_temporal_forgot_waits_for_the_same(world: World, state: str) -> None:
    if state in {"invoiced", "unpaid"}:
        await world.save_card("pm_card_chargeCustomerFail")
    async with world.worker():
        ticket = await ready(cast(Any, world), state, NEXT[state])
        await ticket.settle()
        awaited, shown = await due(ticket.handle), ticket.ticket("status, sequence")
    await world.forget(ticket.handle)
    # Whoever counted from when the process began again would be that much late.
    await asyncio.sleep(2 * TOLERANCE.total_seconds())
    async with world.stores() as stores:
        found = (await look(stores, datetime.now(UTC))).differences
        assert [(one.kind, one.subject) for one in found] == [(Kind.PROCESS_MISSING, ticket.number)]
        assert await repair(stores, datetime.now(UTC), REASON) == found
        assert (await look(stores, datetime.now(UTC))).differences == []
    async with world.worker():
        ticket = world.again(ticket)
        await ticket.settle()
        assert ticket.ticket("status, sequence") == shown
        # A debt is looked at once a day, by whatever clock.
        assert state == "unpaid" or abs(await due(ticket.handle) - awaited) < TOLERANCE
        said = message(ticket, NEXT[state], state)
        await ticket.act(NEXT[state], said(whose(ticket, NEXT[state])))
        await ticket.settle()
    assert world.sent_twice() == []
