"""The journal of accesses: written by the API, kept for a year, purged by the worker and by nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from psycopg import errors

from activities.purge import PurgeActivities
from db.engine import create_engine, sessions
from domain.accesses import KEPT_FOR
from tests.support.people import a_person
from tests.support.postgres import Database

# Nobody of that id has to be there, nor to stay.
NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20"

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLD = KEPT_FOR + timedelta(hours=1)
YOUNG = KEPT_FOR - timedelta(hours=1)


def an_entry(database: Database, person: str, age: timedelta, kind: str) -> None:
    database.execute(
        "INSERT INTO accesses (at, person_id, role, kind, recorded_at) "
        "VALUES (%s, %s, 'finance', %s, now() - %s)",
        *(NOON, person, kind, age),
    )


def kinds(database: Database) -> list[str]:
    return [kind for (kind,) in database.rows("SELECT kind FROM accesses ORDER BY kind")]


@pytest.fixture
def aged(database: Database) -> Database:
    person = a_person(database, "finance")
    an_entry(database, person, OLD, "ledger")
    an_entry(database, person, YOUNG, "payee")
    an_entry(database, person, timedelta(), "queue")
    return database


async def test_the_nightly_purge_takes_what_is_older_than_a_year(aged: Database) -> None:
    engine = create_engine(aged.url("omea_worker"))
    purge = PurgeActivities(sessions(engine))
    assert [await purge.purge_accesses(), await purge.purge_accesses()] == [1, 0]
    await engine.dispose()
    assert kinds(aged) == ["payee", "queue"]


@pytest.mark.parametrize("role", ["postgres", "omea_owner"])
def test_not_even_the_owner_takes_anything_else(aged: Database, role: str) -> None:
    for change in (
        "DELETE FROM accesses",
        "DELETE FROM accesses WHERE kind = 'payee'",
        "UPDATE accesses SET recorded_at = now() - interval '2 years'",
        "TRUNCATE accesses",
    ):
        with aged.connect(role) as connection, pytest.raises(errors.RestrictViolation):
            connection.execute(change)
    assert kinds(aged) == ["ledger", "payee", "queue"]


@pytest.mark.parametrize("role", ["omea_worker", "omea_api"])
def test_neither_the_worker_nor_the_api_takes_or_changes_anything(aged: Database, role: str) -> None:
    for change in (
        "DELETE FROM accesses WHERE kind = 'ledger'",
        "UPDATE accesses SET kind = 'queue'",
        "TRUNCATE accesses",
    ):
        with aged.connect(role) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(change)


def test_only_the_worker_purges_and_only_the_api_writes(aged: Database) -> None:
    with aged.connect("omea_api") as api, pytest.raises(errors.InsufficientPrivilege):
        api.execute("SELECT purge_accesses()")
    entry = f"INSERT INTO accesses (at, person_id, role, kind) VALUES (now(), '{NOBODY}', 'finance', 'queue')"
    with aged.connect("omea_worker") as worker, pytest.raises(errors.InsufficientPrivilege):
        worker.execute(entry)
    with aged.connect("omea_api", person=NOBODY, role_="finance") as api:
        api.execute(entry)
        # How old an entry is, the database says.
        with pytest.raises(errors.InsufficientPrivilege):
            api.execute(
                "INSERT INTO accesses (at, person_id, role, kind, recorded_at) "
                f"VALUES (now(), '{NOBODY}', 'finance', 'queue', now() - interval '2 years')"
            )
    assert len(kinds(aged)) == 4
