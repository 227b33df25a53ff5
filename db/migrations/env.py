"""Alembic's entry: runs the migrations on the connection or the url that the caller puts in the config."""

import time

from alembic import context
from sqlalchemy import Connection, text

import db.models  # noqa: F401 - registers the tables
from db.columns import Base
from db.engine import create_migrating_engine

# One run of migrations at a time per database; any number that is ours.
MIGRATION_LOCK = 4_829_157
TURN_PATIENCE_SECONDS = 30
# Never make the service queue behind a lock that we wait for, nor behind one that we hold.
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "1min"


def migrate(connection: Connection) -> None:
    """Each migration is a transaction of its own: its locks are not held for the next ones, and it may leave
    it for what cannot be done in one (`op.get_context().autocommit_block()`)."""
    context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
    await_turn(connection)
    with context.begin_transaction():
        context.run_migrations()


def await_turn(connection: Connection) -> None:
    """Asked again and again: who waits for a lock in one statement keeps an index from being built beside the
    service, which waits for all statements that run."""
    deadline = time.monotonic() + TURN_PATIENCE_SECONDS
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": MIGRATION_LOCK}):
        connection.commit()
        if time.monotonic() > deadline:
            raise TimeoutError(f"another migration is still running after {TURN_PATIENCE_SECONDS} s")
        time.sleep(0.1)
    connection.commit()


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
