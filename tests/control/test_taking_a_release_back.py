"""The two passages of which `workflows/CHANGING.md` tells and that no ordinary release shows: back past a
change, and the first build of a service that had none."""

import asyncio
from datetime import timedelta

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.testing import WorkflowEnvironment

from deploy import releases
from deploy.wiring import WORKFLOWS, create_transfer_worker
from domain.messages import TicketRequest
from domain.payouts import PayoutRunRequest
from tests.control.conftest import Control
from tests.control.test_two_builds import NEXT, at_work, builds_of
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox
from tests.support.temporal import BUILD
from tests.support.tickets import PlayedTicket
from tests.workflows.conftest import open_office
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options
from workflows.ticket.workflow import TicketWorkflow

CHANGE = "reports-are-awaited-a-moment-later"
# How long Temporal gives a worker to think, 10 s unless told. What fails is tried again after as long, then
# after more and more.
SOON = timedelta(seconds=1)
NONDETERMINISM = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR
# Of a ticket that goes well, each act once, whichever builds did it.
WHOLE = [
    ("system", "book", "requested", "scheduled"),
    ("technician", "acknowledge", "scheduled", "scheduled"),
    ("client", "consent", "scheduled", "scheduled"),
    ("technician", "call", "scheduled", "scheduled"),
    ("technician", "start", "scheduled", "in_session"),
    ("technician", "end", "in_session", "to_report"),
    ("technician", "report", "to_report", "in_review"),
    ("client", "accept", "in_review", "invoiced"),
    ("system", "charge", "invoiced", "invoiced"),
    ("system", "paid", "invoiced", "closed"),
]


@workflow.defn(name="Ticket")
class NextTicket(TicketWorkflow):
    """That of a release which changes one phase, by the rule."""

    @workflow.init
    def __init__(self, request: TicketRequest) -> None:
        super().__init__(request)

    @workflow.run
    async def run(self, request: TicketRequest) -> str:
        return await super().run(request)

    async def await_report(self) -> None:
        if workflow.patched(CHANGE):
            await workflow.sleep(timedelta(seconds=1))
        await super().await_report()


async def end(ticket: PlayedTicket) -> None:
    """Of a session that has begun."""
    await ticket.pass_time(timedelta(minutes=20))
    await ticket.act("end", ticket.ask())


async def pay(ticket: PlayedTicket) -> None:
    """Of a ticket in review."""
    await ticket.act("review", ticket.satisfied())
    await ticket.handle.signal("payment_news")
    assert await ticket.handle.result() == "paid"
    assert ticket.journal() == WHOLE
    asked = "SELECT payments.status FROM invoices JOIN payments ON invoice = number WHERE ticket = %s"
    assert ticket.database.rows(asked, ticket.number) == [("paid",)]


@pytest.mark.soak
async def test_back_past_a_change_what_took_it_waits_and_all_else_goes_on(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = control.office
    client, queue = office.environment.client, office.task_queue
    took, other = await office.a_ticket(task_timeout=SOON), await office.a_ticket(ahead=timedelta(days=4))
    # Today's code cannot replay it: that is what this is about.
    office.played.remove(took)
    monkeypatch.setattr(
        "deploy.wiring.WORKFLOWS", [NextTicket if one is TicketWorkflow else one for one in WORKFLOWS]
    )
    async with (
        create_transfer_worker(client, queue, office.payments, per_second=100, build_id=BUILD),
        at_work(office, NEXT, office.payments),
    ):
        await releases.make_current(client, queue, NEXT)
        await took.reach_session()
        await end(took)
        await took.pass_time(timedelta(seconds=2))
        # Of this one too the next build did steps, and not the changed one.
        await other.reach_session()
        # Who would have to wait is known before, by the name of the change.
        taken = f'TemporalChangeVersion = "{CHANGE}" AND ExecutionStatus = "Running"'
        assert [one.id async for one in client.list_workflows(taken)] == [took.handle.id]

        await releases.make_current(client, queue, BUILD)
        reporting = asyncio.create_task(took.act("report", took.report_of(20)))
        await end(other)
        await other.act("report", other.report_of(20))
        await pay(other)
        assert await builds_of(other.handle) == [BUILD, NEXT, BUILD]
        events = (await took.handle.fetch_history()).events
        causes = {one.workflow_task_failed_event_attributes.cause for one in events} - {0}
        assert causes == {NONDETERMINISM}
        assert (reporting.done(), took.journal()) == (False, WHOLE[:6])

        await releases.make_current(client, queue, NEXT)
        assert (await reporting).accepted
        await pay(took)
        assert await builds_of(took.handle) == [BUILD, NEXT]


@pytest.mark.soak
async def test_what_runs_without_a_build_goes_on_with_the_first_one(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> None:
    async with open_office(environment, database, stripe) as office:
        await office.save_card("pm_card_visa")
        client, queue = environment.client, office.task_queue
        tickets = [await office.a_ticket(ahead=timedelta(days=days)) for days in (3, 4, 5)]
        scheduled, in_session, in_review = tickets
        await in_session.reach_session()
        await in_review.reach_review()
        # What is to be pinned no worker without a build can do.
        request = PayoutRunRequest(month="2026-10", key="first", actor_id="omea")
        run = await client.start_workflow(
            PayoutRunWorkflow.run, request, task_queue=queue, task_timeout=SOON, **start_options(request)
        )
        async with at_work(office, BUILD, office.payments):
            # Until it is made current it is given nothing.
            await end(in_session)
            handles = [one.handle for one in tickets]
            assert [await builds_of(one) for one in (*handles, run)] == [[""], [""], [""], []]

            await releases.make_current(client, queue, BUILD)
            await office.worker.shutdown()
            await in_session.act("report", in_session.report_of(20))
            await scheduled.reach_review()
            for ticket in tickets:
                await pay(ticket)
            assert (await run.result()).n == 1
            assert [await builds_of(one) for one in (*handles, run)] == [["", BUILD]] * 3 + [[BUILD]]
