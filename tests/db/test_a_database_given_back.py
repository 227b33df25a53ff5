"""The tests' own databases: the next one to have it finds nothing of the one before."""

import psycopg
import pytest

from tests.support.postgres import Cluster, Database


def contents(database: Database) -> tuple[dict[str, int], list[tuple[str, str]]]:
    return database.counts(), database.rows(
        "SELECT sequencename, last_value::text FROM pg_sequences ORDER BY 1"
    )


def test_what_was_written_is_gone_and_whoever_was_connected_is_sent_away(cluster: Cluster) -> None:
    with cluster.new_database() as database:
        before = contents(database)
        name = database.name
        database.execute("SELECT nextval('ticket_sequence')")
        database.execute(
            "INSERT INTO people (id, role, name, mail) VALUES (gen_random_uuid(), 'client', 'A', 'a@a.fr')"
        )
        assert contents(database) != before
        left = database.connect("omea_worker")
    with cluster.new_database() as again:
        assert (again.name, contents(again)) == (name, before)
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE people DISABLE TRIGGER USER",
        "GRANT DELETE ON people TO omea_api",
        "ALTER TABLE people DISABLE ROW LEVEL SECURITY",
        "INSERT INTO skills (code, label) VALUES ('x', 'x')",
        "CREATE TABLE visits (n int)",
    ],
)
def test_what_cannot_be_as_it_was_is_not_given_to_the_next(cluster: Cluster, change: str) -> None:
    with cluster.new_database() as database:
        database.execute(change)
    with cluster.new_database() as next_one:
        assert next_one.name != database.name
