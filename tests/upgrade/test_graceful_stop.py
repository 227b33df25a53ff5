"""SIGTERM at the worst moment: what is under way is finished or handed over, the process is gone in time."""

import asyncio
from collections.abc import Callable

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from deploy.demo.main import Open, Stage
from deploy.demo.play import Player
from deploy.demo.scenes import Ending, read_scenes
from deploy.health import answers
from deploy.stack import Stack
from deploy.wiring import deadlines_of
from domain.ids import ticket_workflow_id
from tests.upgrade.conftest import BUILD, PATIENCE_SECONDS, eventually, slow_stripe
from tests.upgrade.test_worker_health import readiness
from tests.upgrade.workers import a_worker

CHARGE = "charge_invoice"


async def being_charged(stage: Stage, client: Client) -> tuple[str, int] | None:
    """The workflow of a ticket whose payment Stripe was asked for and has not answered yet, and the worker
    that asked."""
    waiting = await stage.stripe.get("/v1/payment_intents", params={"limit": 100})
    for intent in waiting.json()["data"]:
        workflow = ticket_workflow_id(intent["metadata"].get("ticket", ""))
        if intent["status"].startswith("requires_"):
            described = (await client.get_workflow_handle(workflow).describe()).raw_description
            for step in described.pending_activities:
                if step.activity_type.name == CHARGE:
                    return workflow, int(step.last_worker_identity.partition("@")[0])
    return None


async def charges_of(stage: Stage, number: str) -> list[tuple[str, int]]:
    answer = await stage.stripe.get("/v1/charges", params={"limit": 100})
    ours = [one for one in answer.json()["data"] if one["metadata"].get("ticket") == number]
    return [(one["status"], one["amount"]) for one in ours]


async def who_charged(client: Client, workflow: str) -> tuple[int, list[str]]:
    """How often the step of the charge was begun, and whose answer was taken."""
    events = (await client.get_workflow_handle(workflow).fetch_history()).events
    scheduled = {
        event.event_id
        for event in events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
        and event.activity_task_scheduled_event_attributes.activity_type.name == CHARGE
    }
    begun = [
        event.activity_task_started_event_attributes.attempt
        for event in events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED
        and event.activity_task_started_event_attributes.scheduled_event_id in scheduled
    ]
    answered = [
        event.activity_task_completed_event_attributes.identity.partition("@")[0]
        for event in events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
        and event.activity_task_completed_event_attributes.scheduled_event_id in scheduled
    ]
    assert len(begun) == len(answered) == 1
    return begun[0], answered


def a_player(stage: Stage, key: str, tell: Callable[[str], None]) -> Player:
    scene = next(one for one in read_scenes() if one.ending is Ending.SATISFIED)
    return Player(
        scene=scene,
        client=stage.people[scene.client],
        technician=stage.people[scene.technician],
        key=key,
        minute=deadlines_of(stage.stack.settings("api")).minute,
        tell=tell,
        secrets=stage.secrets,
    )


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("seconds", "handed_over"),
    [
        (3, False),
        # Longer than the grace, and than the next worker's first looks.
        pytest.param(18, True, marks=pytest.mark.soak),
    ],
)
async def test_a_charge_under_way_is_made_once_whoever_is_asked_to_stop(
    stack: Stack, client: Client, seconds: int, handed_over: bool
) -> None:
    async with Open() as opened:
        stage = await opened.stage(stack)
        reported = asyncio.Event()
        player = a_player(
            stage, f"stop-{seconds}", lambda line: reported.set() if "compte rendu" in line else None
        )
        with a_worker(stack, BUILD) as one, a_worker(stack, BUILD) as another:
            playing = asyncio.create_task(player.play())
            # From then on nothing but the charge asks Stripe to change anything.
            await asyncio.wait_for(reported.wait(), PATIENCE_SECONDS)
            async with slow_stripe(stage, seconds):
                workflow, charging = await eventually(lambda: being_charged(stage, client))
                first, second = (one, another) if one.pid == charging else (another, one)
                assert await asyncio.to_thread(readiness, first) == (200, [])
                stopping = asyncio.create_task(asyncio.to_thread(first.stop))
                # It is given nothing more, and must not be thought dead while it ends what it has.
                while await asyncio.to_thread(readiness, first) != (503, ["worker"]):
                    assert not stopping.done()
                assert answers(f"{first.health}/healthz")
                stopped = await stopping
                number = await playing
        attempts, answered = await who_charged(client, workflow)
        assert stopped.in_time, stopped
        assert answered == [str((second if handed_over else first).pid)]
        assert (attempts > 1) is handed_over
        assert await charges_of(stage, number) == [("succeeded", 3000)]
        ticket = await player.client.get(f"/v1/tickets/{number}")
        assert (ticket["status"]["code"], ticket["outcome"]["code"]) == ("closed", "paid")


@pytest.mark.soak
@pytest.mark.timeout(180)
async def test_a_worker_is_gone_in_time_though_temporal_does_not_answer(stack: Stack) -> None:
    with a_worker(stack, BUILD) as worker, stack.outage("temporal"):
        stopped = await asyncio.to_thread(worker.stop)
    assert stopped.in_time, stopped
