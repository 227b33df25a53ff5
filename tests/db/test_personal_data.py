"""Every column is said to be personal or not, and what is personal is erased by the database's own
function."""

import re
from collections import Counter

import pytest

import db.models  # noqa: F401 - registers the tables
from db.columns import Base
from db.personal_data import ARCHIVE, ERASED, NOTHING_PERSONAL
from tests.support.postgres import Database


@pytest.mark.parametrize("table", sorted({*Base.metadata.tables, *ERASED, *ARCHIVE, *NOTHING_PERSONAL}))
def test_every_column_is_classified_once(table: str) -> None:
    said = " ".join(kinds.get(table, "") for kinds in (ERASED, ARCHIVE, NOTHING_PERSONAL)).split()
    columns = [column.name for column in Base.metadata.tables[table].columns]
    assert Counter(said) == Counter(columns)


def test_every_table_with_something_personal_is_in_the_function_that_erases(database: Database) -> None:
    [(body,)] = database.rows("SELECT prosrc FROM pg_proc WHERE proname = 'erase_person'")
    changed = set(re.findall(r"(?:UPDATE|DELETE FROM) (\w+)", body))
    # Deleted with their sign-ins, and with their authenticators.
    assert changed | {"refresh_tokens", "recovery_codes"} == set(ERASED)
