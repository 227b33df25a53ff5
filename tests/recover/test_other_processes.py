"""Refunds and an erasure: forgotten by the database, then by Temporal."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from deploy.recovery.looking import look
from deploy.recovery.repairing import repair
from domain.erasures import AskedBy, ErasureOpened, ErasureRequest
from domain.messages import Actor, Ask
from domain.recovery import Difference, Kind
from domain.rulings import GainKind, GainRuling
from domain.tickets import Role
from tests.recover.forgetting import forget_and_repair
from tests.recover.hour import SOON
from tests.recover.world import REASON, World, ends
from tests.support.people import a_client
from tests.support.refunds import a_refund
from tests.support.tickets import PlayedTicket
from workflows.erasure.starting import start_options as erasure_options
from workflows.erasure.workflow import ErasureWorkflow


async def a_paid_ticket(world: World, **more: Any) -> PlayedTicket:
    ticket = await world.a_ticket(SOON, **more)
    await ticket.act("consent", ticket.consent_given())
    await ticket.act("start", ticket.right_code())
    await ticket.act("end", ticket.ask())
    await ticket.act("report", ticket.report_of(1))
    await ticket.act("review", ticket.satisfied())
    assert await ends(ticket) == "paid"
    return ticket


async def an_erasure(world: World) -> WorkflowHandle[ErasureWorkflow, str]:
    person = a_client(world.database, "Paul Durand")
    request = ErasureRequest(
        person, f"erase-{person}", Actor(person, Role.CLIENT), datetime.now(UTC), AskedBy.PERSON
    )
    handle = await world.environment.client.start_workflow(
        ErasureWorkflow.run, request, task_queue=world.task_queue, **erasure_options(request)
    )
    assert await handle.execute_update("opened", result_type=ErasureOpened) == ErasureOpened(request.key)
    return handle


@pytest.mark.soak
async def test_what_was_sent_back_is_not_sent_again(world: World, tmp_path: Path) -> None:
    dump = tmp_path / "old.dump"
    async with world.worker():
        await world.fund()
        ticket, other = await a_paid_ticket(world), await a_paid_ticket(world)
        world.dump(dump)
        refund = await a_refund(ticket, world.task_queue)
        waiting = await a_refund(other, world.task_queue)
        await refund.act("ruling", refund.ruled("whole", GainRuling(1, GainKind.NONE)))
        await refund.settle()
        await waiting.settle()
    found = await forget_and_repair(world, dump)
    assert {one.detail.partition(" ")[0] for one in found if one.kind is Kind.STEP_LOST} == {
        *("open_refund", "rule_refund", "send_refund", "make_document"),
    }

    async with world.worker():
        erasure = await an_erasure(world)
    moved, before = world.moved(), world.written()
    await world.forget(refund.handle, waiting.handle, erasure)
    missing = [
        Difference(Kind.OTHER_PROCESS_MISSING, one.id) for one in (refund.handle, waiting.handle, erasure)
    ]
    async with world.stores() as stores:
        assert sorted((await look(stores, datetime.now(UTC))).differences) == sorted(missing)
        assert sorted(await repair(stores, datetime.now(UTC), REASON)) == sorted(missing)
        assert (await look(stores, datetime.now(UTC))).differences == []
    async with world.worker():
        for played in (refund, waiting):
            played.handle = world.environment.client.get_workflow_handle(played.handle.id)
            await played.settle()
        assert (world.moved(), world.written()) == (moved, before)
        # The one that waits for its ruling is ruled, and the money goes back once.
        await waiting.act("ruling", waiting.ruled("whole", GainRuling(1, GainKind.NONE)))
        await waiting.settle()
        assert waiting.case("status, amount_cents") == ("refunded", 1500)
        assert await waiting.refused("retry", Ask(waiting.as_back_office)) == "refund_closed"
    assert len(world.moved()) == len(moved) + 1
    assert world.sent_twice() == []
