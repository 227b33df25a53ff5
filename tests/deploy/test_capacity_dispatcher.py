"""From changes of capacity to the tickets concerned, with a Temporal that can be away."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from db.engine import Sessions, create_engine, sessions
from db.stores import capacity
from deploy import capacity_dispatcher
from deploy.capacity_dispatcher import CapacityDispatcher
from domain.ids import ticket_workflow_id
from tests.api.rows import a_ticket, insert
from tests.support.people import a_client, a_technician
from tests.support.postgres import Database
from tests.support.temporal import running_environment

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
RETURNED, LOST = "capacity_returned", "technician_unavailable"


@workflow.defn
class Listening:
    """A ticket, as far as the dispatcher knows: it hears so many signals and answers which."""

    def __init__(self) -> None:
        self._heard: list[str] = []

    @workflow.run
    async def run(self, expected: int) -> list[str]:
        await workflow.wait_condition(lambda: len(self._heard) >= expected)
        return self._heard

    @workflow.signal
    def capacity_returned(self) -> None:
        self._heard.append(RETURNED)

    @workflow.signal
    def technician_unavailable(self) -> None:
        self._heard.append(LOST)


@dataclass
class Temporal:
    """Remembers the signals it took; `answers` are its refusals to come, None for a signal taken."""

    answers: list[RPCStatusCode | None] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    asked: int = 0

    def get_workflow_handle(self, workflow_id: str) -> "Handle":
        return Handle(self, workflow_id.removeprefix("ticket/"))


@dataclass
class Handle:
    temporal: Temporal
    number: str

    async def signal(self, name: str, *, rpc_timeout: timedelta) -> None:
        self.temporal.asked += 1
        answer = self.temporal.answers.pop(0) if self.temporal.answers else None
        if answer is not None:
            raise RPCError("away", answer, b"")
        self.temporal.taken.append((self.number, name))


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[Sessions]:
    engine = create_engine(database.url("omea_worker"))
    yield sessions(engine)
    await engine.dispose()


def dispatcher(worker: Sessions, temporal: Temporal | Client) -> CapacityDispatcher:
    return CapacityDispatcher(worker, cast(Client, temporal), clock=lambda: NOW, settling=timedelta())


def pending(database: Database) -> list[tuple[Any, ...]]:
    return database.rows("SELECT kind, technician_id::text FROM capacity_events ORDER BY id")


def event(database: Database, kind: str, technician: str | None = None) -> None:
    insert(database, "capacity_events", kind=kind, technician_id=technician)


def waiting(database: Database, opened: int) -> str:
    """A ticket to assign, opened on that day of November."""
    opened_at = datetime(2026, 11, opened, tzinfo=UTC)
    return a_ticket(
        database, a_client(database), None, status="to_assign", start=NOW + HOUR, opened_at=opened_at
    )


@pytest.fixture
def technician(database: Database) -> str:
    technician = a_technician(database)
    database.execute("DELETE FROM capacity_events")
    return technician


async def test_capacity_that_returned_is_told_to_all_who_wait_the_longest_open_first(
    database: Database, worker: Sessions, technician: str
) -> None:
    third, first, second = (waiting(database, day) for day in (20, 3, 11))
    a_ticket(database, a_client(database), technician, start=NOW + HOUR)
    a_ticket(database, a_client(database), technician, status="closed", start=NOW - 5 * HOUR)
    for _ in range(3):
        event(database, "returned", technician)
    event(database, "returned")
    temporal = Temporal()
    assert await dispatcher(worker, temporal).dispatch_pending()
    assert temporal.taken == [(first, RETURNED), (second, RETURNED), (third, RETURNED)]
    assert pending(database) == []


async def test_capacity_that_was_lost_is_told_to_the_appointments_to_come_of_that_technician(
    database: Database, worker: Sessions, technician: str
) -> None:
    other, unrelated = a_technician(database), a_technician(database)
    database.execute("DELETE FROM capacity_events")
    client = a_client(database)
    later = a_ticket(database, client, technician, start=NOW + 5 * HOUR)
    soon = a_ticket(database, client, technician, start=NOW + HOUR)
    others = a_ticket(database, client, other, start=NOW + 3 * HOUR)
    a_ticket(database, client, unrelated, start=NOW + HOUR)
    a_ticket(database, client, technician, start=NOW)
    for status in ("to_report", "in_review", "suspended", "invoiced", "closed"):
        a_ticket(database, client, technician, status=status, start=NOW + 9 * HOUR)
    waiting(database, 3)
    for who in (technician, other, technician):
        event(database, "lost", who)
    temporal = Temporal()
    assert await dispatcher(worker, temporal).dispatch_pending()
    assert temporal.taken == [(soon, LOST), (others, LOST), (later, LOST)]
    assert pending(database) == []


async def test_nothing_that_happened_tells_nobody(
    database: Database, worker: Sessions, technician: str
) -> None:
    waiting(database, 3)
    temporal = Temporal()
    assert await dispatcher(worker, temporal).dispatch_pending()
    assert temporal.taken == []


async def test_with_temporal_away_every_event_stays_and_all_are_told_again(
    database: Database, worker: Sessions, technician: str
) -> None:
    first, second, third = (waiting(database, day) for day in (3, 11, 20))
    events = [("returned", technician), ("lost", technician)]
    for kind, who in events:
        event(database, kind, who)
    temporal = Temporal(answers=[None, RPCStatusCode.UNAVAILABLE])
    assert not await dispatcher(worker, temporal).dispatch_pending()
    assert (temporal.asked, temporal.taken, pending(database)) == (2, [(first, RETURNED)], events)
    temporal.taken.clear()
    assert await dispatcher(worker, temporal).dispatch_pending()
    assert temporal.taken == [(first, RETURNED), (second, RETURNED), (third, RETURNED)]
    assert pending(database) == []


async def test_a_ticket_that_has_ended_needs_no_news(
    database: Database, worker: Sessions, technician: str
) -> None:
    _, second = waiting(database, 3), waiting(database, 11)
    event(database, "returned", technician)
    temporal = Temporal(answers=[RPCStatusCode.NOT_FOUND])
    assert await dispatcher(worker, temporal).dispatch_pending()
    assert (temporal.taken, pending(database)) == ([(second, RETURNED)], [])


async def test_what_happens_while_others_are_told_stays_for_the_next_time(
    database: Database, worker: Sessions, technician: str
) -> None:
    waiting(database, 3)
    event(database, "returned", technician)

    class Meanwhile(Temporal):
        def get_workflow_handle(self, workflow_id: str) -> Handle:
            event(database, "lost", technician)
            return super().get_workflow_handle(workflow_id)

    assert await dispatcher(worker, Meanwhile()).dispatch_pending()
    assert pending(database) == [("lost", technician)]


async def test_what_another_dispatcher_has_in_hand_is_passed_over(
    database: Database, worker: Sessions, technician: str
) -> None:
    number = waiting(database, 3)
    event(database, "lost", technician)
    event(database, "returned", technician)
    temporal = Temporal()
    async with worker.begin() as session:
        in_hand = await capacity.pending(session, 1, timedelta())
        assert [one.kind for one in in_hand] == ["lost"]
        assert await dispatcher(worker, temporal).dispatch_pending()
    assert temporal.taken == [(number, RETURNED)]
    assert pending(database) == [("lost", technician)]


async def test_an_event_is_left_to_settle(database: Database, worker: Sessions, technician: str) -> None:
    """A ticket that looked for somebody just before it must have said that it found nobody."""
    waiting(database, 3)
    event(database, "returned", technician)
    temporal = Temporal()
    patient = CapacityDispatcher(worker, cast(Client, temporal), clock=lambda: NOW)
    assert await patient.dispatch_pending()
    assert (temporal.taken, pending(database)) == ([], [("returned", technician)])
    database.execute("UPDATE capacity_events SET recorded_at = recorded_at - interval '2 seconds'")
    assert await patient.dispatch_pending()
    assert (len(temporal.taken), pending(database)) == (1, [])


async def test_an_expired_hold_is_deleted_and_is_capacity_that_returned(
    database: Database, worker: Sessions, technician: str
) -> None:
    client = a_client(database)
    for hour, expiry in ((1, NOW), (3, NOW + timedelta(seconds=1))):
        insert(
            database,
            "bookings",
            technician_id=technician,
            during=f"[{(NOW + hour * HOUR).isoformat()},{(NOW + (hour + 1) * HOUR).isoformat()})",
            state="held",
            held_by=client,
            skill="internet",
            hold_expires_at=expiry,
        )
    await dispatcher(worker, Temporal()).delete_expired_holds()
    assert database.rows("SELECT lower(during) FROM bookings") == [(NOW + 3 * HOUR,)]
    assert pending(database) == [("returned", technician)]


async def test_it_goes_on_by_itself_once_the_database_and_temporal_are_back(
    database: Database, worker: Sessions, technician: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capacity_dispatcher, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(capacity_dispatcher, "AFTER_BREAKDOWN_SECONDS", 0.01)
    monkeypatch.setattr(capacity_dispatcher, "EXPIRY_SECONDS", 0.01)
    number = waiting(database, 3)
    expired = NOW - HOUR
    insert(
        database,
        "bookings",
        technician_id=technician,
        during=f"[{expired.isoformat()},{NOW.isoformat()})",
        state="held",
        skill="internet",
        hold_expires_at=expired,
    )
    database.execute("REVOKE SELECT ON capacity_events FROM omea_worker")
    temporal = Temporal(answers=[RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED])
    running = asyncio.create_task(dispatcher(worker, temporal).run())
    try:
        await asyncio.sleep(0.1)
        assert (temporal.asked, running.done()) == (0, False)
        database.execute("GRANT SELECT ON capacity_events TO omea_worker")
        async with asyncio.timeout(10):
            while not temporal.taken or pending(database):  # noqa: ASYNC110  # the database tells nobody
                await asyncio.sleep(0.02)
    finally:
        running.cancel()
    assert (temporal.asked, temporal.taken) == (3, [(number, RETURNED)])
    assert database.rows("SELECT count(*) FROM bookings") == [(0,)]


def test_the_pause_grows_with_each_failure_up_to_a_minute() -> None:
    pauses = [capacity_dispatcher._pause(failures) for failures in (0, 1, 2, 3, 6, 7, 1000)]
    assert pauses == [0.5, 2, 4, 8, 60, 60, 60]


async def test_real_workflows_hear_of_what_real_triggers_wrote(
    database: Database, worker: Sessions, technician: str
) -> None:
    client = a_client(database)
    first, second = waiting(database, 3), waiting(database, 4)
    coming = a_ticket(database, client, technician, start=NOW + HOUR)
    ended = waiting(database, 5)
    async with (
        running_environment() as environment,
        Worker(
            environment.client,
            task_queue="listening",
            workflows=[Listening],
            workflow_runner=UnsandboxedWorkflowRunner(),
        ),
    ):
        handles = {
            number: await environment.client.start_workflow(
                Listening.run, expected, id=ticket_workflow_id(number), task_queue="listening"
            )
            for number, expected in ((first, 1), (second, 2), (coming, 1), (ended, 0))
        }
        assert await handles[ended].result() == []
        told = dispatcher(worker, environment.client)
        on_leave = {
            "technician_id": technician,
            "during": f"[{NOW.isoformat()},{(NOW + 3 * HOUR).isoformat()})",
            "recorded_by": technician,
        }
        insert(database, "leaves", **on_leave)
        assert await told.dispatch_pending()
        database.execute("DELETE FROM leaves")
        assert await told.dispatch_pending()
        # By now the first has heard enough and ended.
        assert await handles[first].result() == [RETURNED]
        insert(database, "technician_skills", technician_id=technician, skill="mail")
        assert await told.dispatch_pending()
        heard = {number: await handle.result() for number, handle in handles.items()}
    assert heard == {first: [RETURNED], second: [RETURNED, RETURNED], coming: [LOST], ended: []}
    assert pending(database) == []
