"""Row-level security alone, whatever the API's own code does: in a world of two clients and two technicians,
each sees their own rows, whole and nothing else."""

from collections.abc import Iterator

import psycopg
import pytest

from db.policies import protect
from db.row_security import OPEN, TABLES
from tests.support.people import a_person
from tests.support.postgres import Cluster, Database
from tests.support.pristine import Connection
from tests.support.sides import CLIENT, FINANCE, LINK, TEAM, TECHNICIAN, TwoSides
from tests.support.two_sides import two_sides

VIEWS = ("shown_names", "taken_times")
SIDES = [f"{side} {role}" for side in "ab" for role in (CLIENT, TECHNICIAN, LINK)]


@pytest.fixture(scope="module")
def world(cluster: Cluster) -> Iterator[TwoSides]:
    with cluster.new_database() as database:
        # Where a row is, only those know who may read all of its table's columns.
        database.execute("GRANT SELECT ON erasures TO omea_api")
        yield two_sides(database)


def asker(world: TwoSides, name: str) -> dict[str, str]:
    side, _, role = name.rpartition(" ")
    if role == LINK:
        return {"person": world.people[f"{side} client"], "role_": LINK, "ticket": world.tickets[side]}
    return {"person": world.people[name], "role_": role}


def seen(connection: Connection) -> dict[str, set[str]]:
    return {
        table: {at for (at,) in connection.execute(f"SELECT ctid::text FROM {table}".encode())}
        for table in TABLES
    }


@pytest.mark.parametrize("name", [*SIDES, *TEAM])
def test_each_sees_exactly_what_is_theirs(world: TwoSides, name: str) -> None:
    with world.database.connect("omea_api", **asker(world, name)) as connection:
        found = seen(connection)
    theirs = {table: {at for of, at in world.seen[name] if of == table} for table in TABLES}
    del found["tariffs"], theirs["tariffs"]
    assert found == theirs


def test_the_world_has_something_of_everything(world: TwoSides) -> None:
    counts = world.database.counts()
    assert [table for table in TABLES if counts[table] == 0] == []


@pytest.mark.parametrize("told", ["", "person", "role_", "person and another role", "ticket"])
def test_whoever_is_nobody_sees_nothing_of_anybody(world: TwoSides, told: str) -> None:
    """Nor with an id that is known and no role, or a role and no id, or a role that there is not."""
    client, ticket = world.people["a client"], world.tickets["a"]
    nobody = {
        "": {},
        "person": {"person": client},
        "role_": {"role_": "client"},
        "person and another role": {"person": client, "role_": "system"},
        "ticket": {"person": client, "ticket": ticket},
    }[told]
    with world.database.connect("omea_api", **nobody) as connection:
        assert [table for table, rows in seen(connection).items() if rows] == ["tariffs"]
        named = connection.execute("SELECT name FROM shown_names").fetchall()
    assert named == ([("client a",)] if "person" in nobody else [])


def test_the_worker_sees_everything_that_it_is_granted(world: TwoSides) -> None:
    granted = world.database.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
        "AND has_table_privilege('omea_worker', oid, 'SELECT')"
    )
    everything = world.database.counts()
    with world.database.connect("omea_worker") as worker:
        for (table,) in granted:
            [count] = worker.execute(f"SELECT count(*) FROM {table}".encode())
            assert (table, count[0]) == (table, everything[table])


def test_names_are_those_of_people_one_has_a_ticket_with(world: TwoSides) -> None:
    def names(name: str) -> set[str]:
        with world.database.connect("omea_api", **asker(world, name)) as connection:
            return {found for (found,) in connection.execute("SELECT name FROM shown_names")}

    # Each has lost a ticket to the technician of the other side.
    both = {"technician a", "technician b"}
    assert names("a client") == {"client a", *both}
    assert names("a link") == {"client a", "technician a"}
    assert names("a technician") == {"technician a", "client a", "client b"}
    assert names(FINANCE) >= {"client a", "client b", *both}


def test_agendas_are_for_those_who_cut_slots(world: TwoSides) -> None:
    def taken(**asker: str) -> int:
        with world.database.connect("omea_api", **asker) as connection:
            [(count,)] = connection.execute("SELECT count(*) FROM taken_times")
        return int(count)

    everything = world.database.counts()["bookings"]
    assert taken() == taken(**asker(world, "a client")) == taken(**asker(world, "a technician")) == 0
    assert taken(**asker(world, "finance")) == taken(**asker(world, "a link")) == 0
    assert taken(purpose="agendas") == taken(**asker(world, "back_office")) == everything == 4


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("a client", "INSERT INTO requests VALUES ('{other}', 'new', 'c', 'h')"),
        ("a client", "INSERT INTO submissions (author_id, kind, body) VALUES ('{other}', 'review', '{{}}')"),
        ("a client", "INSERT INTO submissions (kind, body) VALUES ('review', '{{}}')"),
        (
            "a client",
            "INSERT INTO bookings (technician_id, during, state, held_by, skill, hold_expires_at) VALUES "
            "('{technician}', '[2028-01-01,2028-01-02)', 'held', '{other}', 'internet', now())",
        ),
        (
            "a technician",
            "INSERT INTO leaves (technician_id, during, recorded_by) "
            "VALUES ('{technician}', '[2028-01-01,2028-01-02)', '{technician}')",
        ),
        ("a technician", "UPDATE technicians SET suspended_at = NULL, suspended_by = NULL"),
        ("a technician", "INSERT INTO payees (technician_id) VALUES ('{other}')"),
        ("a client", "INSERT INTO people (role, name, mail) VALUES ('technician', 'x', 'x@example.fr')"),
        (
            "finance",
            "INSERT INTO accesses (at, person_id, role, kind) VALUES (now(), '{other}', 'finance', 'queue')",
        ),
    ],
)
def test_nobody_writes_in_another_s_name(world: TwoSides, name: str, statement: str) -> None:
    other, technician = world.people["b client"], world.people["b technician"]
    with (
        world.database.connect("omea_api", **asker(world, name)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        connection.execute(statement.format(other=other, technician=technician).encode())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE requests SET body_hash = 'x' WHERE actor_id <> (SELECT asker())",
        "UPDATE payees SET legal_name = 'x' WHERE technician_id <> (SELECT asker())",
        "UPDATE sign_ins SET revoked_at = now() WHERE person_id <> (SELECT asker())",
        "UPDATE people SET active = false",
        "DELETE FROM bookings WHERE technician_id <> (SELECT asker())",
        "DELETE FROM bookings WHERE state = 'booked'",
        "DELETE FROM leaves WHERE technician_id <> (SELECT asker())",
    ],
)
def test_nobody_changes_what_is_another_s(world: TwoSides, statement: str) -> None:
    with (
        world.database.connect("omea_api", **asker(world, "a technician")) as connection,
        connection.transaction(force_rollback=True),
    ):
        assert connection.execute(statement.encode()).rowcount == 0


def test_every_table_of_the_api_has_its_line(database: Database) -> None:
    """A new table needs one: in `TABLES`, or in `OPEN` with the reason."""
    granted = database.rows(
        "SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'p', 'v', 'm', 'f') AND "
        "(has_any_column_privilege('omea_api', oid, 'SELECT, INSERT, UPDATE') "
        "OR has_table_privilege('omea_api', oid, 'DELETE, TRUNCATE'))"
    )
    assert {name for (name,) in granted} == {*TABLES, *OPEN, *VIEWS}
    assert not TABLES.keys() & OPEN.keys()


def test_the_database_has_the_policies_of_the_table_and_no_others(database: Database) -> None:
    """A line that was changed needs a migration that protects its table again."""
    policies = (
        "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies "
        "ORDER BY 1, 2"
    )
    secured = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity "
        "AND NOT relforcerowsecurity"
    )
    before = database.rows(policies)
    assert {name for (name,) in database.rows(secured)} == set(TABLES)
    for name in TABLES:
        for statement in protect(name):
            database.execute(statement)
    assert database.rows(policies) == before


def test_what_looks_with_the_owner_s_eyes_is_closed_to_all_but_the_api(database: Database) -> None:
    """And names what it sees, so that nobody puts another table in its way."""
    functions = database.rows(
        "SELECT proname, proconfig, has_function_privilege('omea_api', oid, 'EXECUTE'), "
        "has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace AND prosecdef AND prorettype <> 'trigger'::regtype"
    )
    ours = {name for name, _, api, _ in functions if api}
    assert {"own_ticket", "shows_text", "anybody_with", "person_signing_in_by"} <= ours
    assert {(*paths, public) for _, paths, _, public in functions} == {
        ("search_path=pg_catalog, public, pg_temp", False)
    }


def test_an_address_is_found_by_whoever_needs_it(world: TwoSides) -> None:
    [(mail,)] = world.database.rows("SELECT mail FROM people WHERE id = %s", world.people["b client"])

    def found(function: str, **asker: str) -> bool:
        with world.database.connect("omea_api", **asker) as connection:
            [(person,)] = connection.execute(f"SELECT {function}(%s)".encode(), (mail,))
        return person is not None

    assert found("person_signing_in_by", purpose="sign_in")
    assert found("anybody_with", **asker(world, "back_office"))
    assert found("anybody_with", purpose="sign_in")
    for name in ("a client", "a technician", "a link", "finance"):
        assert not found("anybody_with", **asker(world, name))
        assert not found("person_signing_in_by", **asker(world, name))


@pytest.mark.parametrize(
    ("purpose", "shown"),
    [
        (
            "sign_in",
            {"people", "sign_ins", "sign_in_links", "refresh_tokens", "identities", "sign_ups"}
            | {"accepted_texts", "applications", "authenticators", "recovery_codes"}
            | {"pending_sign_ins", "wrong_codes"},
        ),
        (
            "agendas",
            {"people", "technicians", "technician_skills", "working_hours", "leaves", "bookings", "sessions"}
            | {"payees", "erasures"},
        ),
        ("uploads", {"attachments"}),
        ("notices", {"webhook_events"}),
        ("anything", set()),
    ],
)
def test_a_purpose_shows_what_it_is_for(world: TwoSides, purpose: str, shown: set[str]) -> None:
    with world.database.connect("omea_api", purpose=purpose) as connection:
        found = seen(connection)
        assert {table for table, rows in found.items() if rows} == {*shown, "tariffs"}
        for table, column, only in (
            ("people", "role", "technician" if purpose == "agendas" else None),
            ("bookings", "state", "held"),
            ("attachments", "submission_id", None),
        ):
            if found[table] and (table != "people" or only is not None):
                assert {one for (one,) in connection.execute(f"SELECT {column} FROM {table}".encode())} == {
                    only
                }


def test_functions_that_change_people_ask_who_asks(database: Database) -> None:
    """A client renames themselves; only the back office moves colleagues, and not itself."""
    client, other = a_person(database, "client"), a_person(database, "client")
    back_office, finance = a_person(database, "back_office"), a_person(database, "finance")

    def try_all(person: str, role: str) -> None:
        with database.connect("omea_api", person=person, role_=role) as connection:
            for one in (client, other, back_office, finance):
                connection.execute("SELECT rename_client(%s, 'Claude')", (one,))
                for wanted in ("back_office", "finance"):
                    connection.execute("SELECT set_colleague_role(%s, %s)", (one, wanted))

    people = "SELECT role, name FROM people WHERE id = %s"
    before = {one: database.rows(people, one) for one in (client, other, back_office, finance)}
    try_all(finance, "finance")
    assert {one: database.rows(people, one) for one in before} == before
    try_all(client, "client")
    assert {one: database.rows(people, one) for one in before} == before | {client: [("client", "Claude")]}
    with database.connect("omea_api", person=back_office, role_="back_office") as connection:
        for one in (other, back_office):
            connection.execute("SELECT rename_client(%s, 'Dominique')", (one,))
            connection.execute("SELECT set_colleague_role(%s, 'finance')", (one,))
        connection.execute("SELECT set_colleague_role(%s, 'back_office')", (finance,))
    moved = {client: [("client", "Claude")], finance: [("back_office", before[finance][0][1])]}
    assert {one: database.rows(people, one) for one in before} == before | moved


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO sign_ins (person_id, secret_hash, device, began_at, seen_at) "
        "VALUES ('{other}', 'x', '', now(), now())",
        "INSERT INTO pending_sign_ins (person_id, secret_hash, began_at) VALUES ('{other}', 'x', now())",
        "INSERT INTO authenticators VALUES ('{other}', 'k', 'x', 1, now())",
    ],
)
def test_the_back_office_begins_nothing_in_another_s_name(world: TwoSides, statement: str) -> None:
    with (
        world.database.connect("omea_api", **asker(world, "back_office")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        connection.execute(statement.format(other=world.people["finance"]).encode())
