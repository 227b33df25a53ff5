"""The worker's own sessions, and somebody to erase with them."""

from collections.abc import AsyncIterator

import pytest

from db.engine import Sessions, create_engine, sessions
from tests.support.leavers import Left, everything_of_a_technician
from tests.support.postgres import Database


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[Sessions]:
    engine = create_engine(database.url("omea_worker"))
    yield sessions(engine)
    await engine.dispose()


@pytest.fixture
def left(database: Database) -> Left:
    return everything_of_a_technician(database)
