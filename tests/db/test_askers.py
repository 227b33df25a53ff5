"""Who asks is told to each transaction, and to nothing after it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from db.askers import Asker, Purpose, asked_sessions, for_purpose, known, nobody_yet
from db.engine import create_engine
from tests.support.people import a_client
from tests.support.postgres import Database

TOLD = text(
    "SELECT pg_backend_pid(), current_setting('omea.person', true), current_setting('omea.role', true), "
    "current_setting('omea.purpose', true)"
)


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    """Of one connection: whoever asks next has the same."""
    engine = create_engine(database.url("omea_api"), pool_size=1)
    yield engine
    await engine.dispose()


async def told(session: AsyncSession) -> tuple[str, str, str]:
    _, *settings = (await session.execute(TOLD)).one()
    return tuple(one or "" for one in settings)  # type: ignore[return-value]


async def test_a_connection_takes_nothing_back_to_the_pool(database: Database, engine: AsyncEngine) -> None:
    sessions, client = asked_sessions(engine), a_client(database)
    with nobody_yet():
        known(Asker(client, "client"))
        async with sessions(info=for_purpose(Purpose.AGENDAS)) as session:
            assert await told(session) == (client, "client", "agendas")
            # One session, and another transaction.
            await session.commit()
            assert await told(session) == (client, "client", "agendas")
            [first] = await session.scalars(text("SELECT pg_backend_pid()"))
        async with sessions() as session:
            assert await told(session) == (client, "client", "")
    async with sessions() as session:
        assert await told(session) == ("", "", "")
        assert await session.scalar(text("SELECT count(*) FROM people")) == 0
        assert await session.scalar(text("SELECT pg_backend_pid()")) == first
    # Not even when the transaction has failed.
    with nobody_yet():
        known(Asker(client, "client"))
        with pytest.raises(IntegrityError):
            async with sessions.begin() as session:
                await session.execute(text("INSERT INTO requests (actor_id) SELECT asker()"))
    async with sessions() as session:
        assert await told(session) == ("", "", "")


async def test_a_savepoint_keeps_what_its_transaction_was_told(
    database: Database, engine: AsyncEngine
) -> None:
    sessions, said = asked_sessions(engine), []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    with nobody_yet():
        known(Asker(a_client(database), "client"))
        async with sessions.begin() as session:
            before = await told(session)
            async with session.begin_nested() as savepoint:
                assert await told(session) == before
                await savepoint.rollback()
            assert await told(session) == before
    assert len([statement for statement in said if "set_config" in statement]) == 1


async def test_requests_side_by_side_have_each_their_own(database: Database) -> None:
    engine = create_engine(database.url("omea_api"), pool_size=4)
    sessions = asked_sessions(engine)
    clients = [a_client(database) for _ in range(12)]

    async def request(client: str) -> list[str]:
        with nobody_yet():
            await asyncio.sleep(0)
            known(Asker(client, "client"))
            async with sessions() as session:
                return list(await session.scalars(text("SELECT id::text FROM people")))

    assert await asyncio.gather(*map(request, clients)) == [[client] for client in clients]
    await engine.dispose()


async def test_nobody_costs_nothing(engine: AsyncEngine) -> None:
    said: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    async with asked_sessions(engine)() as session:
        await session.execute(text("SELECT 1"))
    assert said == ["SELECT 1"]
