"""Two requests of one client about one hold, in two connections."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from db.askers import Asker, Purpose, asked_sessions, known
from db.engine import Sessions, create_engine
from db.models.tickets import SubmissionKind
from db.stores import holds, submissions
from db.stores.requests import Asking, attach, remember
from tests.support.people import a_client, a_technician
from tests.support.postgres import Database

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
LONG_ENOUGH_TO_WAIT = 0.5


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Sessions]:
    engine = create_engine(database.url("omea_api"))
    yield asked_sessions(engine, purpose=Purpose.AGENDAS)
    await engine.dispose()


async def hold(api: Sessions, client: str, start: datetime) -> str:
    async with api.begin() as session:
        held = await holds.hold(
            session,
            client_id=client,
            skill="internet",
            start=start,
            end=start + HOUR,
            now=NOW,
            expires_at=NOW + timedelta(minutes=5),
        )
    assert held is not None
    return held.id


async def test_a_new_hold_spares_the_one_that_is_being_given_to_a_ticket(
    database: Database, api: Sessions
) -> None:
    client, _ = a_client(database), a_technician(database)
    known(Asker(client, "client"))
    given = await hold(api, client, NOW + HOUR)
    asking = Asking(client, "key", "ticket", "body")
    async with api.begin() as session:
        await remember(session, asking)
        assert await holds.take_for_ticket(session, given, client, NOW, NOW + HOUR) is not None
        other = asyncio.create_task(hold(api, client, NOW + 3 * HOUR))
        await asyncio.sleep(LONG_ENOUGH_TO_WAIT)
        assert not other.done()
        text = await submissions.keep(session, client, SubmissionKind.REQUEST, hold_id=given)
        await attach(session, asking, submission_id=text, ticket="00000017")
    kept = {given, await other}
    assert {hold for (hold,) in database.rows("SELECT id::text FROM bookings")} == kept


async def test_a_request_repeated_waits_for_the_hold_that_replaces(database: Database, api: Sessions) -> None:
    client, _ = a_client(database), a_technician(database)
    known(Asker(client, "client"))
    first = await hold(api, client, NOW + HOUR)

    async def repeat() -> None:
        async with api.begin() as session:
            await holds.keep_for_retry(session, first, client, NOW + HOUR)

    async with api.begin() as session:
        await holds.hold(
            session,
            client_id=client,
            skill="internet",
            start=NOW + 3 * HOUR,
            end=NOW + 4 * HOUR,
            now=NOW,
            expires_at=NOW + timedelta(minutes=5),
        )
        repeated = asyncio.create_task(repeat())
        await asyncio.sleep(LONG_ENOUGH_TO_WAIT)
        assert not repeated.done()
    await repeated
    assert first not in {hold for (hold,) in database.rows("SELECT id::text FROM bookings")}
