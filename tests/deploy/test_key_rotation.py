"""A payload key replaced while processes run: each step on payloads of a workflow that is under way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from api.sealing import Sealed
from deploy.encryption import EncryptionCodec, PayloadUnreadable
from deploy.second_factors import PayloadKeyMissing, seal_anew, seals_of
from deploy.settings import Settings, read_settings
from deploy.stack import Stack
from deploy.temporal import connect
from deploy.wiring import workflow_runner
from domain.second_factors import STEP_SECONDS
from tests.deploy.conftest import a_key
from tests.support.people import a_person
from tests.support.postgres import Database

OLD, NEW = a_key("old"), a_key("new")
QUEUE = "rotation"
# A task that a worker took and did not answer is given to another after this.
SOON = timedelta(seconds=1)


@activity.defn(name="repeat")
async def repeat(word: str) -> str:
    return word * 2


@workflow.defn(name="Telling")
class Telling:
    """Keeps what it is told, by way of an activity, until it is told to end."""

    def __init__(self) -> None:
        self._told: list[str] = []
        self._over = False

    @workflow.run
    async def run(self, first: str) -> list[str]:
        self._told.append(first)
        await workflow.wait_condition(lambda: self._over)
        return self._told

    @workflow.update
    async def tell(self, word: str) -> list[str]:
        self._told.append(
            await workflow.execute_activity(repeat, word, start_to_close_timeout=timedelta(seconds=5))
        )
        return self._told

    @workflow.signal
    def end(self) -> None:
        self._over = True


def settings(environment: dict[str, str], active: str, *others: str) -> Settings:
    return read_settings(environment | {"PAYLOAD_KEY": active, "PREVIOUS_PAYLOAD_KEYS": ",".join(others)})


@asynccontextmanager
async def process(given: Settings) -> AsyncIterator[Client]:
    """A worker that remembers nothing: each task is read from the history."""
    client = await connect(given)
    async with Worker(
        client,
        task_queue=QUEUE,
        workflows=[Telling],
        activities=[repeat],
        workflow_runner=workflow_runner(),
        max_cached_workflows=0,
    ):
        yield client


async def told(client: Client, word: str) -> list[str]:
    handle: WorkflowHandle[Any, Any] = client.get_workflow_handle("telling")
    answer: list[str] = await handle.execute_update(Telling.tell, word)
    return answer


def keys_of(payloads: list[Payload]) -> set[bytes]:
    return {payload.metadata["encryption-key-id"] for payload in payloads}


async def payloads_of(client: Client, workflow_id: str) -> list[Payload]:
    """Those of what was told, as the server has them."""
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    return [
        payload
        for event in history.events
        for payload in (
            *event.workflow_execution_started_event_attributes.input.payloads,
            *event.workflow_execution_update_accepted_event_attributes.accepted_request.input.args.payloads,
            *event.activity_task_scheduled_event_attributes.input.payloads,
            *event.activity_task_completed_event_attributes.result.payloads,
        )
    ]


async def test_a_key_is_replaced_under_processes_that_run(outside: Stack) -> None:
    environment = outside.environment("worker")
    old_only = settings(environment, OLD)
    known = settings(environment, OLD, NEW)
    switched = settings(environment, NEW, OLD)
    new_only = settings(environment, NEW)

    async with process(old_only) as before:
        await before.start_workflow(Telling.run, "un", id="telling", task_queue=QUEUE, task_timeout=SOON)
        assert await told(before, "deux") == ["un", "deuxdeux"]
        # First every process comes to know the new key. Those of before and after run side by side.
        async with process(known) as after:
            assert await told(after, "trois") == ["un", "deuxdeux", "troistrois"]
            assert await told(before, "quatre") == ["un", "deuxdeux", "troistrois", "quatrequatre"]
    assert keys_of(await payloads_of(after, "telling")) == {old_only.active_payload_key.encode()}

    # Then every process writes with it. Those that do not yet, read what those write that do.
    async with process(known) as before, process(switched) as after:
        for word in ("cinq", "six", "sept"):
            assert (await told(after, word))[-1] == word * 2
            assert (await told(before, word))[-1] == word * 2
        late = await after.start_workflow(Telling.run, "un", id="late", task_queue=QUEUE, task_timeout=SOON)
    both = {old_only.active_payload_key.encode(), new_only.active_payload_key.encode()}
    assert keys_of(await payloads_of(after, "telling")) == both

    # What was begun since the last process switched needs the old key no more; what was begun before does.
    async with process(switched) as after:
        await after.get_workflow_handle("telling").signal(Telling.end)
        assert len(await after.get_workflow_handle("telling").result()) == 10
    codec = EncryptionCodec(new_only.payload_keys, new_only.active_payload_key)
    with pytest.raises(PayloadUnreadable, match=old_only.active_payload_key):
        await codec.decode(await payloads_of(after, "telling"))
    async with process(new_only) as last:
        await last.get_workflow_handle(late.id).signal(Telling.end)
        assert await last.get_workflow_handle(late.id).result() == ["un"]


async def test_a_process_that_does_not_know_the_key_cannot_go_on(outside: Stack) -> None:
    """Which is why it is known everywhere before anybody writes with it."""
    environment = outside.environment("worker")
    client = await connect(settings(environment, NEW, OLD))
    handle = await client.start_workflow(Telling.run, "un", id="unread", task_queue=QUEUE, task_timeout=SOON)
    await handle.signal(Telling.end)
    async with process(settings(environment, OLD)):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(handle.result(), 0.5)
    # Nothing is lost: whoever knows it goes on.
    async with process(settings(environment, OLD, NEW)):
        assert await handle.result() == ["un"]


async def test_the_secrets_of_authenticators_follow_the_key(
    sandbox_environment: dict[str, str], database: Database
) -> None:
    environment = sandbox_environment | {"DATABASE_URL": database.url("omea_owner")}
    now = datetime.now(UTC)
    secrets = {a_person(database, role): pyotp.random_base32() for role in ("back_office", "finance")}
    for person, secret in secrets.items():
        sealed = seals_of(settings(environment, OLD)).seal(secret, person)
        database.execute(
            "INSERT INTO authenticators VALUES (%s, %s, %s, %s, %s)",
            *(person, sealed.key_id, sealed.content, int(now.timestamp()) // STEP_SECONDS, now),
        )
    # Known and not yet active, it changes nothing.
    assert await seal_anew(settings(environment, OLD, NEW)) == 0
    # Without the old one nothing is lost.
    with pytest.raises(PayloadKeyMissing):
        await seal_anew(settings(environment, NEW))
    assert await seal_anew(settings(environment, NEW, OLD)) == 2
    assert await seal_anew(settings(environment, NEW, OLD)) == 0
    for person, key_id, content in database.rows(
        "SELECT person_id::text, key_id, sealed FROM authenticators"
    ):
        for knows in (settings(environment, NEW), settings(environment, OLD, NEW)):
            assert seals_of(knows).open(Sealed(key_id, content), person) == secrets[person]
