"""The migrations make the tables that the models describe, from nothing, and twice is once."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

import db.models  # noqa: F401 - registers the tables
from db import migrate
from db.columns import Base
from domain.tickets import CHANGES
from tests.support.postgres import Cluster, Database


def test_an_empty_database_becomes_what_the_models_say_and_a_second_run_changes_nothing(
    cluster: Cluster,
) -> None:
    fresh = cluster.empty_database()
    migrate.upgrade(fresh.url("omea_owner"))
    once = fresh.counts()
    migrate.upgrade(fresh.url("omea_owner"))
    assert fresh.counts() == once

    engine = create_engine(fresh.url("omea_owner"))
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    assert differences == []


def test_the_database_knows_the_same_changes_of_status_as_the_rules(database: Database) -> None:
    known = set(database.rows("SELECT before, after FROM status_changes"))
    assert known == {(before.value, after.value) for before, afters in CHANGES.items() for after in afters}


def test_neither_the_worker_nor_the_api_is_a_superuser_or_passes_row_security(database: Database) -> None:
    roles = database.rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles "
        "WHERE rolname IN ('omea_worker', 'omea_api') ORDER BY rolname"
    )
    assert roles == [("omea_api", False, False, False, False), ("omea_worker", False, False, False, False)]
