"""Links and sign-ins as the database keeps them: limits that hold in a crowd, and who may write what."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from db.askers import Purpose, asked_sessions
from db.engine import Sessions, create_engine
from db.stores import sign_ins
from db.stores.asking_limits import TooManyLinks
from db.stores.sign_ins import Asked
from tests.support.people import a_client, a_sign_in
from tests.support.postgres import Database

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Sessions]:
    engine = create_engine(database.url("omea_api"))
    yield asked_sessions(engine, purpose=Purpose.SIGN_IN)
    await engine.dispose()


async def ask(api: Sessions, mail: str, network: str, at: datetime = NOON) -> datetime | None:
    """None, or when to ask again."""
    try:
        async with api.begin() as session:
            await sign_ins.ask_for_link(session, Asked(None, mail, network, "browser", at))
    except TooManyLinks as full:
        return full.until
    return None


async def test_five_links_an_hour_for_an_address_however_many_ask_at_once(
    database: Database, api: Sessions
) -> None:
    answers = await asyncio.gather(*(ask(api, "claire", f"network {n}") for n in range(10)))
    assert sorted(answers, key=str) == [NOON + HOUR] * 5 + [None] * 5
    assert database.rows("SELECT count(*) FROM sign_in_links") == [(5,)]


async def test_twenty_links_an_hour_from_a_network_however_many_ask_at_once(
    database: Database, api: Sessions
) -> None:
    answers = await asyncio.gather(*(ask(api, f"person {n}", "office") for n in range(24)))
    assert sorted(answers, key=str) == [NOON + HOUR] * 4 + [None] * 20
    assert database.rows("SELECT count(*) FROM sign_in_links") == [(20,)]


async def test_who_asks_for_one_another_s_address_does_not_wait_for_ever(api: Sessions) -> None:
    """Two marks are locked at a time, always in the same order."""
    crossed = [("a", "b"), ("b", "a")] * 5
    assert await asyncio.gather(*(ask(api, *one) for one in crossed)) == [None] * 10


async def test_the_next_one_may_be_asked_for_when_the_oldest_is_an_hour_old(api: Sessions) -> None:
    for n in range(5):
        assert await ask(api, "claire", "home", NOON + n * MINUTE) is None
    assert await ask(api, "claire", "home", NOON + 59 * MINUTE) == NOON + HOUR
    assert await ask(api, "claire", "home", NOON + HOUR) is None
    assert await ask(api, "claire", "home", NOON + HOUR) == NOON + HOUR + MINUTE


async def test_use_is_noted_once_a_minute(database: Database, api: Sessions) -> None:
    sign_in = a_sign_in(database, a_client(database), NOON)
    for length, seen in ((59, 0), (60, 60), (119, 60), (120, 120)):
        async with api.begin() as session:
            await sign_ins.note_use(session, sign_in, NOON + timedelta(seconds=length))
        assert database.rows("SELECT seen_at FROM sign_ins") == [(NOON + timedelta(seconds=seen),)]


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (
            "omea_worker",
            "INSERT INTO sign_ins (person_id, secret_hash, device, began_at, seen_at) "
            "VALUES ('{person}', 'x', '', now(), now())",
        ),
        ("omea_worker", "UPDATE sign_ins SET revoked_at = NULL"),
        ("omea_worker", "UPDATE sign_in_links SET used_at = NULL"),
        ("omea_worker", "SELECT * FROM refresh_tokens"),
        ("omea_api", "UPDATE sign_ins SET person_id = '{person}'"),
        ("omea_api", "UPDATE sign_ins SET began_at = now()"),
        ("omea_api", "UPDATE sign_in_links SET person_id = '{person}'"),
        ("omea_api", "UPDATE refresh_tokens SET sign_in_id = '{person}'"),
        ("omea_api", "DELETE FROM sign_ins"),
        ("omea_api", "DELETE FROM refresh_tokens"),
    ],
)
def test_nobody_writes_more_than_their_part_needs(database: Database, role: str, statement: str) -> None:
    person = a_client(database)
    with (
        database.connect(role, person=person, role_="client") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.format(person=person))
