"""An error of the database ends up in a log or in a mail: it must not quote what was refused."""

import logging
import traceback

import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.engine import create_engine, create_migrating_engine
from tests.support.postgres import Database

MAIL = "claire.petit@example.fr"
AGAIN = "INSERT INTO people (id, role, name, mail) VALUES (gen_random_uuid(), 'client', 'Claire', :mail)"


async def test_neither_the_error_nor_its_trace_quotes_the_row(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    engine = create_engine(database.url("omea_owner"))
    try:
        async with engine.begin() as connection:
            await connection.execute(text(AGAIN), {"mail": MAIL})
        with pytest.raises(IntegrityError) as caught:
            async with engine.begin() as connection:
                await connection.execute(text(AGAIN), {"mail": MAIL})
    finally:
        await engine.dispose()
    logging.getLogger(__name__).error("refused", exc_info=caught.value)
    assert "duplicate key value violates unique constraint" in caplog.text
    assert MAIL not in caplog.text
    assert MAIL not in str(caught.value)
    # What programs ask is still there.
    assert isinstance(caught.value.orig, UniqueViolation)
    assert caught.value.orig.diag.constraint_name is not None


def test_a_migration_that_old_rows_forbid_quotes_none_of_them(database: Database) -> None:
    engine = create_migrating_engine(database.url("omea_owner"))
    twice = text("CREATE TEMPORARY TABLE twice AS SELECT :mail AS mail FROM generate_series(1, 2)")
    try:
        with engine.begin() as connection:
            connection.execute(twice, {"mail": MAIL})
            with pytest.raises(IntegrityError, match="could not create unique index") as caught:
                connection.execute(text("CREATE UNIQUE INDEX ON twice (mail)"))
            connection.rollback()
    finally:
        engine.dispose()
    assert MAIL not in "".join(traceback.format_exception(caught.value))


async def test_an_error_that_has_nothing_to_hide_says_all(database: Database) -> None:
    engine = create_engine(database.url("omea_owner"))
    try:
        with pytest.raises(DBAPIError, match='relation "nowhere" does not exist'):
            async with engine.begin() as connection:
                await connection.execute(text("SELECT * FROM nowhere"))
    finally:
        await engine.dispose()
