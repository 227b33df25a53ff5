"""An office with a Stripe account of its own, whose invoices begin at 1, and everything that looks at it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from temporalio.client import ScheduleHandle
from temporalio.testing import WorkflowEnvironment

from activities.reconciliation import ReconciliationActivities
from db.engine import Sessions, create_engine, sessions
from deploy import schedules
from deploy.webhook_dispatcher import WebhookDispatcher
from domain.deadlines import Deadlines
from domain.opening_hours import OpeningHours
from tests.control.books import Books, open_books
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox, running_stripe
from tests.support.temporal import BUILD, replay, running_environment
from tests.workflows.conftest import Office, open_office


@pytest.fixture(scope="package")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with running_environment() as running:
        yield running


@pytest.fixture(scope="package")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripeSandbox]:
    with running_stripe(tmp_path_factory.mktemp("stripe")) as running:
        yield running


@pytest.fixture
def stripe(sandbox: StripeSandbox) -> StripeSandbox:
    sandbox.forget_everything()
    return sandbox


@dataclass
class Control:
    """`books` are those of the office's database; their own people stay without tickets."""

    office: Office
    books: Books
    worker: Sessions
    dispatcher: WebhookDispatcher
    readings: ReconciliationActivities

    async def triggered(self, name: str) -> Any:
        """The result of one run of a Schedule, whose history is replayed."""
        schedule: ScheduleHandle = self.office.environment.client.get_schedule_handle(name)
        before = len((await schedule.describe()).info.recent_actions)
        await schedule.trigger()
        async with asyncio.timeout(30):
            # The Schedule tells nobody what it starts.
            while len(actions := (await schedule.describe()).info.recent_actions) == before:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        started: Any = actions[-1].action
        handle = self.office.environment.client.get_workflow_handle(started.workflow_id)
        result = await handle.result()
        await replay(await handle.fetch_history())
        return result

    def told(self) -> list[str]:
        """The subjects of the mails about checks, to the team."""
        subjects = self.office.mail.subjects_to("equipe@example.fr")
        return [subject for subject in subjects if "ontrôle automatique" in subject]


@pytest.fixture
async def control(
    environment: WorkflowEnvironment, database: Database, stripe: StripeSandbox
) -> AsyncIterator[Control]:
    engine = create_engine(database.url("omea_worker"))
    async with open_office(environment, database, stripe, build_id=BUILD) as office:
        await office.save_card("pm_card_visa")
        database.execute("UPDATE invoice_counters SET last = 0")
        for _ in range(2):
            await schedules.ensure(environment.client, office.task_queue)
        for name in schedules.SCHEDULES:
            # The hour of the day is no part of a test: each run is triggered.
            await environment.client.get_schedule_handle(name).pause()
        worker = sessions(engine)
        yield Control(
            office,
            Books(database, worker),
            worker,
            WebhookDispatcher(worker, environment.client, office.task_queue, Deadlines(), OpeningHours()),
            ReconciliationActivities(worker, office.payments),
        )
        for name in schedules.SCHEDULES:
            await environment.client.get_schedule_handle(name).delete()
    await engine.dispose()


@pytest.fixture
async def books(database: Database) -> AsyncIterator[Books]:
    async with open_books(database) as opened:
        yield opened
