"""A service that can be put back, with a Stripe account of its own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from temporalio.testing import WorkflowEnvironment

from deploy import schedules
from tests.recover.world import World, a_world
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox, running_stripe
from tests.support.temporal import GIVEN, running_environment


@pytest.fixture(scope="package")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with running_environment(active=GIVEN) as running:
        yield running


@pytest.fixture(scope="package")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripeSandbox]:
    with running_stripe(tmp_path_factory.mktemp("stripe")) as running:
        yield running


@pytest.fixture
async def world(
    environment: WorkflowEnvironment, database: Database, sandbox: StripeSandbox
) -> AsyncIterator[World]:
    sandbox.forget_everything()
    made = await a_world(environment, database, sandbox)
    yield made
    for name in schedules.SCHEDULES:
        await environment.client.get_schedule_handle(name).delete()
    await made.payments.close()
