"""Whatever Temporal can keep of somebody is found, in a real server and in the messages it answers with."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import Client, Schedule, ScheduleActionStartWorkflow, ScheduleSpec, ScheduleState
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from deploy.demo.traces.histories import leaves, look_through_temporal
from deploy.demo.traces.needles import Words
from deploy.demo.traces.searched import Search
from deploy.stack import Stack
from deploy.temporal import connect, prepare_namespace
from tests.deploy.test_temporal import WANTED
from tests.deploy.traces.planted import NEEDLES

NAME = "Zélie Château"
MARK = Words.of("identifiant", "sealed")
PATIENCE_SECONDS = 20
# Where a name in clear is found, by the id of the workflow or Schedule in which it was put.
EVERYWHERE = {
    *(
        f"historique Temporal, in-clear-{place}"
        for place in ("argument", "memo", "summary", "attribute", "queue", "signal", "end")
    ),
    *(f"liste Temporal, in-clear-{place}" for place in ("memo", "attribute", "queue")),
    *("Schedule Temporal, in-clear-schedule", "Schedule Temporal, in-clear-note"),
    "un nom ou un identifiant qui dit : nom",
}
CLEAR = Payload(metadata={"encoding": b"json/plain"}, data=b'"Z\\u00e9lie"')


def _event(field: str, **values: object) -> HistoryEvent:
    event = HistoryEvent()
    attributes = getattr(event, f"{field}_event_attributes")
    attributes.CopyFrom(type(attributes)(**values))
    return event


MESSAGES: dict[str, Callable[[], Message]] = {
    "a workflow's argument": lambda: _event("workflow_execution_started", input=Payloads(payloads=[CLEAR])),
    "a step's id": lambda: _event("activity_task_scheduled", activity_id=NAME),
    "a step's result": lambda: _event("activity_task_completed", result=Payloads(payloads=[CLEAR])),
    "a timer's id": lambda: _event("timer_started", timer_id=NAME),
    "a signal's name": lambda: _event("workflow_execution_signaled", signal_name=NAME),
    "who sent a signal": lambda: _event("workflow_execution_signaled", identity=NAME),
    "a failure's message": lambda: _event("activity_task_failed", failure=Failure(message=NAME)),
    "a failure's stack trace": lambda: _event("activity_task_failed", failure=Failure(stack_trace=NAME)),
    "a failure's encoded attributes": lambda: _event(
        "activity_task_failed", failure=Failure(encoded_attributes=CLEAR)
    ),
    "the cause of a failure's cause": lambda: _event(
        "activity_task_failed", failure=Failure(cause=Failure(cause=Failure(message=NAME)))
    ),
    "why a workflow was ended": lambda: _event("workflow_execution_terminated", reason=NAME),
    "a payload's metadata": lambda: _event(
        "workflow_execution_completed",
        result=Payloads(payloads=[Payload(metadata={"about": NAME.encode()})]),
    ),
    "the key of a header": lambda: _map_key(),
    "an update's name": lambda: _update(),
    "a step's last report": lambda: _pending(heartbeat_details=Payloads(payloads=[CLEAR])),
    "a step's last failure": lambda: _pending(last_failure=Failure(message=NAME)),
}


def _map_key() -> HistoryEvent:
    event = HistoryEvent()
    event.workflow_execution_started_event_attributes.header.fields[NAME].CopyFrom(Payload())
    return event


def _update() -> HistoryEvent:
    event = HistoryEvent()
    event.workflow_execution_update_accepted_event_attributes.accepted_request.input.name = NAME
    return event


def _pending(**values: object) -> DescribeWorkflowExecutionResponse:
    return DescribeWorkflowExecutionResponse(pending_activities=[PendingActivityInfo(**values)])  # type: ignore[arg-type]


@pytest.mark.parametrize("where", MESSAGES)
def test_no_field_of_a_message_is_passed_over(where: str) -> None:
    said = [str(value) for path, value in leaves(MESSAGES[where]()) if not isinstance(value, Payload)]
    search = Search(NEEDLES)
    search.look("a message", "\n".join(said))
    assert search.problems() == ["a message : nom"]


@pytest.fixture
async def client(outside: Stack) -> Client:
    """Ours, which encrypts."""
    settings = outside.settings("owner")
    ours = await connect(settings)
    await prepare_namespace(ours, settings, WANTED)
    return ours


async def _look(client: Client) -> Search:
    search = Search(NEEDLES, landmarks=[MARK])
    await look_through_temporal(search, client)
    return search


async def test_what_is_sealed_is_read_and_says_nothing(client: Client) -> None:
    before = await _look(client)
    started = await client.start_workflow(
        "anything", NAME, id="sealed", task_queue="nobody", memo={"about": NAME}, static_summary=NAME
    )
    await started.signal("told", NAME)
    after = await _look(client)
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    # What is listed follows what is done, a moment later.
    while MARK not in after.met and asyncio.get_running_loop().time() < deadline:
        after = await _look(client)
    assert (MARK in before.met, MARK in after.met) == (False, True)
    assert [where for where in after.found if "sealed" in where] == []
    assert after.found.keys() == before.found.keys()
    assert after.counts["histories"] > before.counts["histories"]
    assert after.counts["events"] >= before.counts["events"] + 3
    # The argument, the memo, the summary and the signal, in the history, in the list and in the description.
    assert after.counts["sealed payloads"] >= before.counts["sealed payloads"] + 6


async def test_what_is_in_clear_is_found_wherever_it_is(outside: Stack, client: Client) -> None:
    clear = await Client.connect(client.service_client.config.target_host, namespace=client.namespace)
    number = SearchAttributePair(SearchAttributeKey.for_keyword("TicketNumber"), NAME)
    put: dict[str, dict[str, Any]] = {
        "argument": {"args": [{"who": NAME}]},
        "memo": {"memo": {"who": NAME}},
        "summary": {"static_summary": NAME},
        "attribute": {"search_attributes": TypedSearchAttributes([number])},
        "queue": {"task_queue": f"queue of {NAME}"},
    }
    for where, given in put.items():
        await clear.start_workflow("anything", **{"id": f"in-clear-{where}", "task_queue": "nobody"} | given)
    await (await clear.start_workflow("anything", id="in-clear-signal", task_queue="nobody")).signal(
        "told", NAME
    )
    ended = await clear.start_workflow("anything", id="in-clear-end", task_queue="nobody")
    await ended.terminate(reason=NAME)
    await clear.start_workflow("anything", id="zelie.chateau", task_queue="nobody")
    schedules = [
        await clear.create_schedule(
            f"in-clear-{where}",
            Schedule(
                ScheduleActionStartWorkflow("anything", *arguments, id="scheduled", task_queue="nobody"),
                spec=ScheduleSpec(),
                state=ScheduleState(paused=True, note=note),
            ),
        )
        for where, arguments, note in (("schedule", [NAME], None), ("note", [], NAME))
    ]
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    try:
        search = await _look(client)
        while EVERYWHERE - search.found.keys() and asyncio.get_running_loop().time() < deadline:
            search = await _look(client)
    finally:
        for schedule in schedules:
            await schedule.delete()
    assert EVERYWHERE - search.found.keys() == set()
    assert set().union(*search.found.values()) == {"nom"}
    assert search.counts["schedules"] >= 2
