"""The API without Temporal, as most of its tests want it."""

from collections.abc import AsyncIterator

import pytest

from tests.api.frontend import Frontend, open_frontend
from tests.support.postgres import Database


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Frontend]:
    async with open_frontend(database) as frontend:
        yield frontend
