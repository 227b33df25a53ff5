"""Every change that makes somebody free, or takes them away, leaves an event; no other change does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.support.people import a_client, a_person, a_technician
from tests.support.postgres import Database

TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
EXPIRY = TEN - HOUR
RETURNED, LOST = "returned", "lost"


@pytest.fixture
def technician(database: Database) -> str:
    technician = a_technician(database)
    database.execute("DELETE FROM capacity_events")
    return technician


def told(database: Database) -> list[tuple[Any, ...]]:
    """The events since last asked."""
    events = database.rows("SELECT kind, technician_id::text FROM capacity_events ORDER BY id")
    database.execute("DELETE FROM capacity_events")
    return events


def held(database: Database, technician: str, role: str = "omea_api") -> str:
    with database.connect(role, role_="back_office") as connection:
        row = connection.execute(
            "INSERT INTO bookings (technician_id, during, state, held_by, skill, hold_expires_at) "
            "VALUES (%s, tstzrange(%s, %s), 'held', %s, 'internet', %s) RETURNING id::text",
            (technician, TEN, TEN + HOUR, a_client(database), EXPIRY),
        ).fetchone()
    assert row is not None
    return str(row[0])


def change(database: Database, role: str, statement: str, *values: Any) -> None:
    with database.connect(role, role_="back_office") as connection:
        connection.execute(statement, values)


@pytest.mark.parametrize("role", ["omea_api", "omea_worker"])
def test_a_booking_that_goes_or_frees_time(database: Database, technician: str, role: str) -> None:
    other = a_technician(database)
    hold = held(database, technician, role)
    told(database)
    during = "UPDATE bookings SET during = tstzrange(%s, %s) WHERE id = %s"
    change(database, role, "UPDATE bookings SET hold_expires_at = %s WHERE id = %s", EXPIRY + HOUR, hold)
    change(database, role, during, TEN, TEN + 2 * HOUR, hold)
    assert told(database) == []
    change(database, role, during, TEN, TEN + HOUR, hold)
    assert told(database) == [(RETURNED, technician)]
    change(database, role, during, TEN + HOUR / 2, TEN + 2 * HOUR, hold)
    assert told(database) == [(RETURNED, technician)]
    change(database, role, "UPDATE bookings SET technician_id = %s WHERE id = %s", other, hold)
    assert told(database) == [(RETURNED, technician)]
    change(database, role, "DELETE FROM bookings")
    assert told(database) == [(RETURNED, other)]


def test_skills_hours_and_leave(database: Database, technician: str) -> None:
    api = "omea_api"
    change(database, api, "INSERT INTO technician_skills VALUES (%s, 'mail', 1)", technician)
    assert told(database) == [(RETURNED, technician)]
    change(database, api, "UPDATE technician_skills SET level = 2 WHERE skill = 'mail'")
    assert told(database) == [(RETURNED, technician)]
    change(database, api, "DELETE FROM technician_skills WHERE skill = 'mail'")
    assert told(database) == []

    change(database, api, "INSERT INTO working_hours VALUES (%s, 0, '09:00', '12:00')", technician)
    assert told(database) == [(RETURNED, technician), (LOST, technician)]
    change(database, api, "DELETE FROM working_hours")
    assert told(database) == [(RETURNED, technician), (LOST, technician)]

    change(
        database,
        api,
        "INSERT INTO leaves (technician_id, during, recorded_by) VALUES (%s, tstzrange(%s, %s), %s)",
        technician,
        TEN,
        TEN + HOUR,
        technician,
    )
    assert told(database) == [(LOST, technician)]
    database.execute("UPDATE leaves SET during = tstzrange(%s, %s)", TEN, TEN + 2 * HOUR)
    assert told(database) == [(RETURNED, technician), (LOST, technician)]
    change(database, api, "DELETE FROM leaves")
    assert told(database) == [(RETURNED, technician)]


def test_a_technician_who_leaves_and_comes_back(database: Database, technician: str) -> None:
    active = "UPDATE people SET active = %s WHERE id = %s"
    change(database, "omea_api", active, True, technician)
    assert told(database) == []
    change(database, "omea_api", active, False, technician)
    assert told(database) == [(LOST, technician)]
    change(database, "omea_api", active, False, technician)
    assert told(database) == []
    change(database, "omea_api", active, True, technician)
    assert told(database) == [(RETURNED, technician)]
    database.execute(active, False, a_client(database))
    assert told(database) == []


def test_what_is_undone_is_not_told(database: Database, technician: str) -> None:
    hold = held(database, technician)
    with (
        database.connect("omea_api", role_="back_office") as connection,
        connection.transaction(force_rollback=True),
    ):
        connection.execute("DELETE FROM bookings WHERE id = %s", (hold,))
    assert told(database) == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO people (role, name, mail) VALUES ('system', 'Paul', 'p@example.fr')",
        "INSERT INTO people (role, name, mail, active) VALUES ('technician', 'Paul', 'p@example.fr', true)",
        "UPDATE people SET role = 'finance'",
        "UPDATE people SET mail = 'p@example.fr'",
        "UPDATE people SET name = 'Paul'",
        "UPDATE technicians SET account_reference = 'acct_1'",
        "INSERT INTO capacity_events (kind) VALUES ('returned')",
        "SELECT * FROM capacity_events",
        "UPDATE leaves SET technician_id = technician_id",
    ],
)
def test_the_api_may_not(database: Database, technician: str, statement: str) -> None:
    with (
        database.connect("omea_api", role_="back_office") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_the_api_closes_no_account_of_a_client_or_the_service(database: Database, technician: str) -> None:
    a_client(database)
    for role in ("finance", "system"):
        a_person(database, role)
    change(database, "omea_api", "UPDATE people SET active = false")
    closed = database.rows("SELECT role FROM people WHERE NOT active ORDER BY role")
    assert closed == [("finance",), ("technician",)]


@pytest.mark.parametrize("wanted", ["client", "technician", "finance", "system"])
def test_the_api_lets_nobody_into_the_team_or_out_of_it(database: Database, wanted: str) -> None:
    asker = a_person(database, "back_office")
    roles = ("back_office", "client", "finance", "system", "technician")
    for role in roles:
        a_person(database, role)
    one = "SELECT set_colleague_role(max(id::text)::uuid, %s) FROM people WHERE role = %s"
    with database.connect("omea_api", person=asker, role_="back_office") as connection:
        for role in roles:
            connection.execute(one, (wanted, role))
    moved = ["finance"] if wanted == "finance" else ["back_office"]
    after = sorted(["back_office", "client", "finance", "system", "technician", *moved])
    assert [role for (role,) in database.rows("SELECT role FROM people ORDER BY role")] == after


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO working_hours VALUES (%s, 0, '12:00', '12:00')",
        "INSERT INTO working_hours VALUES (%s, 7, '09:00', '12:00')",
        "INSERT INTO leaves (technician_id, during, recorded_by) SELECT id, 'empty', id "
        "FROM people WHERE id = %s",
        "INSERT INTO leaves (technician_id, during, recorded_by) SELECT id, tstzrange(now(), NULL), id "
        "FROM people WHERE id = %s",
        "UPDATE technician_skills SET level = 4 WHERE technician_id = %s",
        "UPDATE technicians SET suspended_at = now() WHERE id = %s",
    ],
)
def test_what_makes_no_sense_is_refused(database: Database, technician: str, statement: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        database.execute(statement, technician)


def test_leave_does_not_overlap(database: Database, technician: str) -> None:
    leave = "INSERT INTO leaves (technician_id, during, recorded_by) VALUES (%s, tstzrange(%s, %s), %s)"
    database.execute(leave, technician, TEN, TEN + HOUR, technician)
    database.execute(leave, technician, TEN + HOUR, TEN + 2 * HOUR, technician)
    with pytest.raises(psycopg.errors.ExclusionViolation):
        database.execute(leave, technician, TEN + HOUR / 2, TEN + HOUR, technician)
