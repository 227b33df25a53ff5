"""Two builds share the queue, as during every release: tickets go on with the newer one, a payout run ends
with its own. The same code as two builds; `tests/upgrade` does it with that of two commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle

from activities.gateways.payments import TransferRefused, TransferSent
from activities.gateways.stripe_payments import StripePayments
from deploy import releases
from deploy.metrics.figures import from_temporal
from deploy.releases import ReleaseRefused
from deploy.wiring import create_transfer_worker, create_worker
from domain.payouts import PayoutRunRequest, PayoutRunResult, TechnicianPaid
from tests.control.conftest import Control
from tests.payouts.conftest import DETAILS
from tests.support.stripe_sandbox import API_KEY
from tests.support.temporal import BUILD
from tests.workflows.conftest import Office
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options

NEXT = "next"


class WaitingPayments(StripePayments):
    """A transfer is asked for, and goes on once it may."""

    def __init__(self, api_base: str) -> None:
        super().__init__(API_KEY, api_base)
        self.asked, self.may_go_on = asyncio.Event(), asyncio.Event()

    async def transfer(self, **what: Any) -> TransferSent | TransferRefused:
        self.asked.set()
        await self.may_go_on.wait()
        return await super().transfer(**what)


@asynccontextmanager
async def at_work(office: Office, build: str, payments: StripePayments) -> AsyncIterator[None]:
    """The workers of another build beside those of the office."""
    client, queue = office.environment.client, office.task_queue
    async with (
        create_worker(client, queue, office.collaborators, build_id=build),
        create_transfer_worker(client, queue, payments, per_second=100, build_id=build),
    ):
        yield


async def builds_of(handle: WorkflowHandle[Any, Any]) -> list[str]:
    """Those that carried it on, in order; an empty one for workers that have none."""
    done = [
        event.workflow_task_completed_event_attributes.deployment_version.build_id
        for event in (await handle.fetch_history()).events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    ]
    return [build for build, _ in groupby(done)]


@dataclass(frozen=True)
class Paying:
    """A run that has asked for its one transfer; `paid` is its result, once the transfer may go on."""

    handle: WorkflowHandle[PayoutRunWorkflow, PayoutRunResult]
    technician: WorkflowHandle[Any, Any]
    paid: tuple[TechnicianPaid, ...]


async def paying(control: Control, payments: WaitingPayments) -> Paying:
    office = control.office
    client, queue = office.environment.client, office.task_queue
    account = await office.payments.open_account(office.technician, DETAILS)
    office.database.execute(
        "UPDATE technicians SET account_reference = %s WHERE id = %s", account, office.technician
    )
    await office.fund()
    ticket = await office.a_ticket()
    await ticket.reach_review()
    await ticket.act("review", ticket.satisfied())
    await ticket.settle()
    [(month, gain)] = office.database.rows("SELECT month, amount_cents FROM gains")
    request = PayoutRunRequest(month=month, key="first", actor_id="omea")
    run = await client.start_workflow(
        PayoutRunWorkflow.run, request, task_queue=queue, **start_options(request)
    )
    await asyncio.wait_for(payments.asked.wait(), 20)
    technician = client.get_workflow_handle(f"{run.id}/{office.technician}")
    return Paying(run, technician, (TechnicianPaid(office.technician, gain),))


@pytest.fixture
async def payments(control: Control, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WaitingPayments]:
    # The month that the ticket's clock shows.
    monkeypatch.setattr("workflows.payouts.run.cut_off", lambda wanted, _: wanted.next().start)
    waiting = WaitingPayments(control.office.stripe.url)
    yield waiting
    await waiting.close()


async def test_tickets_go_on_with_the_newer_build_and_a_payout_run_ends_with_its_own(
    control: Control, payments: WaitingPayments
) -> None:
    office = control.office
    client, queue = office.environment.client, office.task_queue
    ticket = await office.a_ticket(ahead=timedelta(days=5))
    async with create_transfer_worker(client, queue, payments, per_second=100, build_id=BUILD):
        run = await paying(control, payments)
        with pytest.raises(ReleaseRefused, match="la version next n'a pas de worker"):
            await releases.make_current(client, queue, NEXT, patience=timedelta(0))
        async with at_work(office, NEXT, office.payments):
            await releases.make_current(client, queue, NEXT)
            # A share of another build ends when one is made current.
            await releases.ramp(client, queue, BUILD, 10)
            await releases.make_current(client, queue, NEXT)
            await ticket.reach_review()
            known = {one.id: (one.state, one.has_workers) for one in await releases.builds(client, queue)}
            assert known == {NEXT: ("CURRENT", True), BUILD: ("DRAINING", True)}
            payments.may_go_on.set()
            assert (await run.handle.result()).technicians == run.paid
            assert (await builds_of(run.handle), await builds_of(run.technician)) == ([BUILD], [BUILD])
            assert await builds_of(ticket.handle) == [BUILD, NEXT]

            # And back, while it is under way.
            await releases.make_current(client, queue, BUILD)
            await ticket.act("review", ticket.satisfied())
            await ticket.settle()
            assert await builds_of(ticket.handle) == [BUILD, NEXT, BUILD]


async def test_what_is_pinned_to_a_build_that_is_lost_is_taken_over_when_told(
    control: Control, payments: WaitingPayments, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = control.office
    client, queue = office.environment.client, office.task_queue
    # They are stopped in the middle of the transfer.
    monkeypatch.setattr("deploy.wiring.GRACE", timedelta(0))
    async with at_work(office, NEXT, payments):
        await releases.make_current(client, queue, NEXT)
        run = await paying(control, payments)
    async with create_transfer_worker(client, queue, office.payments, per_second=100, build_id=BUILD):
        await releases.make_current(client, queue, BUILD)
        async with asyncio.timeout(20):
            # What runs is listed a moment after it began.
            while (await releases.builds(client, queue))[0].pinned < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        # Those who watch are told which build has nobody, though another is at work on the queue; the server
        # names workers that are gone for more than a minute.
        with monkeypatch.context() as later:
            later.setattr(releases, "SEEN_WITHIN", timedelta(0))
            told = {
                (family.name, *sample.labels.values()): sample.value
                for family in await from_temporal(client, queue)
                for sample in family.samples
                if family.name.startswith("omea_build_")
            }
        assert told == {
            ("omea_build_pinned", NEXT, "draining"): 2,
            ("omea_build_pinned", BUILD, "current"): 0,
            ("omea_build_has_workers", NEXT, "draining"): 0,
            ("omea_build_has_workers", BUILD, "current"): 0,
        }
        assert sorted(await releases.adopt(client, queue, NEXT)) == [run.handle.id, run.technician.id]
        assert (await run.handle.result()).technicians == run.paid
        assert await builds_of(run.handle) == [NEXT, BUILD]
