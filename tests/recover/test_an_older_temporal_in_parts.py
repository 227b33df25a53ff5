"""What else an older Temporal has forgotten: what was asked of payouts and of the bank, notices, leave."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from deploy.capacity_dispatcher import CapacityDispatcher
from deploy.recovery.histories import read_processes
from deploy.recovery.looking import look
from deploy.recovery.marks import older
from deploy.recovery.repairing import repair
from domain.ids import bank_message_workflow_id, payout_run_workflow_id
from domain.payouts import PayoutRunRequest
from domain.recovery import Difference, Kind
from tests.recover.world import REASON, World, look_at_invariants, look_that_temporal_has_forgotten
from workflows.control.invariants import InvariantsWorkflow
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options


async def found_and_repaired(world: World) -> list[Difference]:
    """All that is found, which is all repaired, but for the mark of the restore itself."""
    async with world.stores() as stores:
        found = (await look(stores, datetime.now(UTC))).differences
        repaired = await repair(stores, datetime.now(UTC), REASON)
        left = (await look(stores, datetime.now(UTC))).differences
    found = [one for one in found if one.kind is not Kind.TEMPORAL_OLDER]
    assert sorted(repaired) == sorted(found)
    assert [one for one in left if one.kind is not Kind.TEMPORAL_OLDER] == []
    return found


def a_run_asked_for(world: World, month: str, n: int, technician: str | None = None, **more: Any) -> str:
    key = f"run-{uuid4()}"
    world.database.execute(
        "INSERT INTO payout_runs (key, month, n, cut_off, actor_id, technician_id, started_at, finished_at) "
        "VALUES (%s, %s, %s, now(), 'finance-1', %s, %s, %s)",
        *(key, month, n, technician, more.get("began", datetime.now(UTC)), more.get("finished")),
    )
    return key


async def test_a_run_is_begun_again_as_it_was_asked_for_unless_somebody_has_ended_it(world: World) -> None:
    now, client = datetime.now(UTC), world.environment.client
    narrowed = a_run_asked_for(world, "2026-06", 1, world.technician)
    # Followed by a later one, too old, and terminated by hand.
    a_run_asked_for(world, "2026-07", 1)
    a_run_asked_for(world, "2026-07", 2, finished=now)
    a_run_asked_for(world, "2026-08", 1, began=now - timedelta(days=40))
    stopped = PayoutRunRequest("2026-09", a_run_asked_for(world, "2026-09", 1), "finance-1")
    ended = await client.start_workflow(
        PayoutRunWorkflow.run, stopped, task_queue=world.task_queue, **start_options(stopped)
    )
    await ended.terminate("arrêtée par la finance")
    name = payout_run_workflow_id("2026-06")
    assert await found_and_repaired(world) == [Difference(Kind.OTHER_PROCESS_MISSING, name)]
    async with world.stores() as stores:
        [begun] = [
            one for one in await read_processes(client, world.task_queue, stores.shapes) if one.running
        ]
    assert (begun.workflow, begun.request.key, begun.request.technician_id) == (
        *(name, narrowed, world.technician),
    )
    await client.get_workflow_handle(name).terminate()


async def test_what_was_brought_or_told_is_read_again(world: World) -> None:
    xml = b"<Document/>"
    digest = hashlib.sha256(xml).hexdigest()
    world.database.execute(
        "INSERT INTO bank_messages (sha256, xml, received_at) VALUES (%s, %s, now())", digest, xml
    )
    told(world, "evt_account", "account.updated", {"object": "acct_1"})
    # A ticket that waits for it looks by itself.
    told(world, "evt_payment", "payment_intent.succeeded", {"ticket": "48291573"})
    look_that_temporal_has_forgotten(world)
    name = bank_message_workflow_id(digest)
    assert sorted(await found_and_repaired(world)) == [
        Difference(Kind.EVENT_UNHEARD, "evt_account", "account.updated"),
        Difference(Kind.OTHER_PROCESS_MISSING, name),
    ]
    assert world.database.rows("SELECT id, state FROM webhook_events ORDER BY id") == [
        ("evt_account", "pending"),
        ("evt_payment", "done"),
    ]
    await world.environment.client.get_workflow_handle(name).terminate()


def told(world: World, event: str, kind: str, subject: dict[str, str]) -> None:
    world.database.execute(
        "INSERT INTO webhook_events (id, type, subject, state) VALUES (%s, %s, %s, 'done')",
        *(event, kind, json.dumps(subject)),
    )


async def test_a_ticket_that_is_begun_again_hears_that_its_technician_is_away(world: World) -> None:
    async with world.worker():
        ticket = await world.a_ticket()
        await ticket.settle()
    start, end = ticket.request.start, ticket.request.end
    [(taken,)] = world.database.rows("SELECT technician_id::text FROM tickets")
    await world.forget(ticket.handle)
    world.database.execute(
        "INSERT INTO leaves (technician_id, during, recorded_by) VALUES (%s, tstzrange(%s, %s), %s)",
        *(taken, start, end, taken),
    )
    # The dispatcher had told the process that is forgotten.
    world.database.execute("DELETE FROM capacity_events")
    assert sorted(await found_and_repaired(world)) == [
        Difference(Kind.PROCESS_MISSING, ticket.number, "book"),
        Difference(Kind.TECHNICIAN_AWAY, ticket.number, taken),
    ]
    async with world.worker(), world.collaborators("omea_worker") as given:
        dispatcher = CapacityDispatcher(given.database, world.environment.client, settling=timedelta(0))
        assert await dispatcher.dispatch_pending()
        ticket = world.again(ticket)
        await ticket.settle()
        kept_by = {world.technician: world.other, world.other: world.technician}[taken]
        assert ticket.ticket("status, technician_id::text") == ("scheduled", kept_by)


async def test_looks_that_pile_up_hide_no_restore(world: World, tmp_path: Path) -> None:
    dump = tmp_path / "old.dump"
    world.dump(dump)
    async with world.worker():
        await look_at_invariants(world)
    [(at,)] = world.database.rows("SELECT max(at) FROM invariant_checks")
    waiting = [await a_look_that_waits(world) for _ in range(6)]
    assert await marks(world) == []
    world.restore(dump)
    assert await marks(world) == [Difference(Kind.DATABASE_OLDER, at.isoformat(), "-")]
    for one in waiting:
        await one.terminate()


async def a_look_that_waits(world: World) -> Any:
    """For a worker."""
    return await world.environment.client.start_workflow(
        InvariantsWorkflow.run, id=f"invariants-{uuid4()}", task_queue=world.task_queue
    )


async def marks(world: World) -> Sequence[Difference]:
    async with world.stores() as stores:
        return await older(stores.client, stores.database, stores.task_queue)
