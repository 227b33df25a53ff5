"""The API without Temporal, as most of its tests want it, and with the whole service behind it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.api.frontend import Frontend, open_frontend
from tests.api.service import Service, open_service
from tests.api.told import Told
from tests.support.postgres import Database
from tests.support.stripe_sandbox import StripeSandbox, running_stripe
from tests.support.temporal import BUILD, running_environment


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Frontend]:
    async with open_frontend(database) as frontend:
        yield frontend


@pytest.fixture(scope="package")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with running_environment() as running:
        yield running


@pytest.fixture(scope="package")
def stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripeSandbox]:
    with running_stripe(tmp_path_factory.mktemp("stripe")) as running:
        yield running


@pytest.fixture
async def service(
    request: pytest.FixtureRequest,
    environment: WorkflowEnvironment,
    database: Database,
    stripe: StripeSandbox,
) -> AsyncIterator[Service]:
    """With the mark `pays`, one that may pay technicians."""
    build_id = BUILD if request.node.get_closest_marker("pays") else None
    async with open_service(environment, database, stripe, build_id=build_id) as running:
        yield running


@pytest.fixture
async def told(api: Frontend) -> Told:
    made = Told(api)
    await made.fill()
    return made
