"""Migrations run while the previous release works: none waits long for a lock, and none takes away or blocks
what that release needs. The rule, and how to go about it, is in `workflows/CHANGING.md`."""

import json
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from db import migrate
from tests.support.postgres import Cluster

SQUAWK = Path(sysconfig.get_path("scripts")) / "squawk"
# Written before there was a release beside which to run.
LAST_EXEMPT = 33
# db/migrations/env.py sees to these, for all of them.
TIMEOUTS = "SET lock_timeout = '5s'; SET statement_timeout = '60s';"


@dataclass
class Seen:
    """What a run of all migrations did: the statements of each, those outside of its transaction apart, and
    the time-outs in force at its end."""

    statements: dict[str, list[str]] = field(default_factory=dict)
    outside: dict[str, list[str]] = field(default_factory=dict)
    timeouts: dict[str, tuple[str, str]] = field(default_factory=dict)


def migrations(url: str) -> list[Script]:
    scripts = ScriptDirectory.from_config(migrate.configuration(url))
    return list(reversed(list(scripts.walk_revisions())))


@contextmanager
def watching(revisions: list[str]) -> Iterator[Seen]:
    """Each migration ends by writing its number into `alembic_version`."""
    seen, since, outside, left = Seen(), list[str](), list[str](), iter(revisions)

    def executed(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("INSERT INTO alembic_version", "UPDATE alembic_version")):
            revision = next(left)
            seen.statements[revision], seen.outside[revision] = since.copy(), outside.copy()
            since.clear()
            outside.clear()
            locks = connection.exec_driver_sql("SHOW lock_timeout").scalar_one()
            seen.timeouts[revision] = (
                locks,
                connection.exec_driver_sql("SHOW statement_timeout").scalar_one(),
            )
        # A statement with parameters changes rows, not tables.
        elif not parameters:
            is_alone = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
            (outside if is_alone else since).append(statement)

    event.listen(Engine, "after_cursor_execute", executed)
    try:
        yield seen
    finally:
        event.remove(Engine, "after_cursor_execute", executed)


def shown(connection: Connection, setting: str) -> str:
    return str(connection.exec_driver_sql(f"SHOW {setting}").scalar_one())


def faults(sql: str, permitted: dict[str, str], *, is_alone: bool = False) -> set[str]:
    """The rules that it breaks; https://squawkhq.com/docs/rules says why each is one. Not those of taste."""
    alone = [] if is_alone else ["--assume-in-transaction"]
    done = subprocess.run(
        [SQUAWK, "--reporter", "json", "--pg-version", "18", *alone],
        input=f"{TIMEOUTS}\n{sql}",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    rules = {str(one["rule_name"]) for one in json.loads(done.stdout)}
    return {rule for rule in rules if not rule.startswith("prefer-")} - set(permitted)


def test_each_migration_has_time_outs_and_does_nothing_that_the_release_before_would_not_survive(
    cluster: Cluster,
) -> None:
    url = cluster.empty_database().url("omea_owner")
    scripts = migrations(url)
    with watching([one.revision for one in scripts]) as seen:
        migrate.upgrade(url)
    assert seen.timeouts == {one.revision: ("5s", "1min") for one in scripts}
    found = {}
    for one in scripts:
        if int(one.revision) > LAST_EXEMPT:
            permitted = getattr(one.module, "permitted", {})
            found[one.revision] = {
                *faults(";\n".join(seen.statements[one.revision]) + ";", permitted),
                *faults(";\n".join(seen.outside[one.revision]) + ";", permitted, is_alone=True),
            }
    assert {revision: rules for revision, rules in found.items() if rules} == {}


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("ALTER TABLE tickets ADD COLUMN note text NOT NULL", "adding-required-field"),
        ("ALTER TABLE tickets DROP COLUMN skill", "ban-drop-column"),
        ("ALTER TABLE tickets RENAME COLUMN skill TO subject", "renaming-column"),
        ("ALTER TABLE tickets RENAME TO requests", "renaming-table"),
        ("DROP TABLE tickets", "ban-drop-table"),
        ("ALTER TABLE tickets ALTER COLUMN skill TYPE bigint", "changing-column-type"),
        ("ALTER TABLE tickets ALTER COLUMN skill SET NOT NULL", "adding-not-nullable-field"),
        ("ALTER TABLE tickets ADD CONSTRAINT ck CHECK (n > 0)", "constraint-missing-not-valid"),
        ("CREATE INDEX ix_tickets_skill ON tickets (skill)", "require-concurrent-index-creation"),
    ],
)
def test_what_blocks_or_breaks_the_release_before_is_found(statement: str, fault: str) -> None:
    assert fault in faults(f"{statement};", {})
    assert fault not in faults(f"{statement};", {fault: "the release before does not use it any more"})


def test_what_only_adds_passes() -> None:
    adding = """
        CREATE TABLE notes (id uuid PRIMARY KEY, ticket text NOT NULL);
        CREATE INDEX ix_notes_ticket ON notes (ticket);
        ALTER TABLE tickets ADD COLUMN note text;
        ALTER TABLE tickets ADD COLUMN urgent boolean NOT NULL DEFAULT false;
        ALTER TABLE tickets ADD CONSTRAINT ck_note CHECK (length(note) < 200) NOT VALID;
    """
    assert faults(adding, {}) == set()


def test_a_migration_gives_up_on_a_table_in_use_and_what_came_before_it_stays(cluster: Cluster) -> None:
    """What is asked of the table meanwhile would queue behind it."""
    database = cluster.empty_database()
    url = database.url("omea_owner")
    command.upgrade(migrate.configuration(url), "0031")
    with database.connect() as reader:
        with reader.transaction():
            reader.execute("SELECT count(*) FROM notifications")
            with pytest.raises(OperationalError, match="lock timeout"):
                migrate.upgrade(url)
        assert reader.execute("SELECT version_num FROM alembic_version").fetchall() == [("0032",)]
        migrate.upgrade(url)
        assert reader.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (migrations(url)[-1].revision,)
        ]


def test_an_index_that_was_cut_short_is_built_again(cluster: Cluster) -> None:
    database = cluster.empty_database()
    url = database.url("omea_owner")
    command.upgrade(migrate.configuration(url), "0035")
    with database.connect("omea_owner") as owner:
        owner.execute("CREATE INDEX ix_notifications_refused ON notifications (recipient_id)")
    database.execute(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_notifications_refused'::regclass"
    )
    command.upgrade(migrate.configuration(url), "0036")
    assert database.rows(
        "SELECT indisvalid, indnatts FROM pg_index WHERE indexrelid = 'ix_notifications_refused'::regclass"
    ) == [(True, 2)]
