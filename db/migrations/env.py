"""Alembic's entry: runs the migrations on the connection or the url that the caller puts in the config."""

from alembic import context
from sqlalchemy import Connection, text

import db.models  # noqa: F401 - registers the tables
from db.columns import Base
from db.engine import create_migrating_engine

# One migration at a time per database; any number that is ours.
MIGRATION_LOCK = 4_829_157


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=False)
    with context.begin_transaction():
        # A migration waits its turn behind another, but never makes the service queue behind its locks.
        connection.execute(text("SET LOCAL lock_timeout = '30s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        context.run_migrations()


def run() -> None:
    url = context.config.get_main_option("sqlalchemy.url")
    if url is None:
        raise RuntimeError("the database's url is missing from the migration's configuration")
    engine = create_migrating_engine(url)
    try:
        with engine.connect() as connection:
            migrate(connection)
            connection.commit()
    finally:
        engine.dispose()


run()
