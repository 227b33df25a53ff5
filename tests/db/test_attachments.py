"""What the database lets be done with images."""

import pytest
from psycopg import errors

from tests.support.people import a_client, a_submission
from tests.support.postgres import Database
from tests.support.pristine import Connection

STORE = (
    "INSERT INTO attachments (author_id, submission_id, content_type, width, height, size_bytes, sha256, "
    "content, recorded_at) VALUES (%s, %s, 'image/png', 1, 1, 3, 'x', %s, now())"
)
CHANGES = [
    "submission_id = NULL",
    "content = 'abc'",
    "author_id = author_id",
    "recorded_at = now()",
    "content_type = 'image/webp'",
    "sha256 = 'y'",
]


def the_api(database: Database) -> Connection:
    """For the only client."""
    [(author,)] = database.rows("SELECT min(id::text) FROM people WHERE role = 'client'")
    return database.connect("omea_api", person=author, role_="client")


@pytest.fixture
def submission(database: Database) -> str:
    """By somebody who has stored one image and attached another, as the API does it."""
    author = a_client(database)
    written = a_submission(database, author, "dispute")
    with the_api(database) as api:
        api.execute(STORE, (author, None, b"old"))
        api.execute("UPDATE attachments SET submission_id = %s", (written,))
        api.execute(STORE, (author, None, b"new"))
    return written


def test_the_api_attaches_an_image_once_and_for_good(database: Database, submission: str) -> None:
    with the_api(database) as api:
        change = "UPDATE attachments SET submission_id = %s WHERE content = 'old'"
        assert api.execute(change, (submission,)).rowcount == 0
        with pytest.raises(errors.InsufficientPrivilege):
            api.execute(STORE, (a_client(database), submission, b"new"))
        assert api.execute("DELETE FROM attachments").rowcount == 1
    assert database.rows("SELECT content FROM attachments") == [(b"old",)]


@pytest.mark.parametrize("change", CHANGES)
def test_the_api_changes_nothing_of_an_image(database: Database, submission: str, change: str) -> None:
    before = database.rows("SELECT * FROM attachments ORDER BY id")
    for where in ("submission_id IS NULL", "true"):
        with the_api(database) as api, pytest.raises(errors.InsufficientPrivilege):
            api.execute(f"UPDATE attachments SET {change} WHERE {where}")
    assert database.rows("SELECT * FROM attachments ORDER BY id") == before


@pytest.mark.parametrize(
    "statement", ["SELECT FROM attachments", "UPDATE attachments SET width = 1", "DELETE FROM attachments"]
)
def test_the_worker_has_no_use_for_images(database: Database, submission: str, statement: str) -> None:
    with database.connect("omea_worker") as worker, pytest.raises(errors.InsufficientPrivilege):
        worker.execute(statement)


def test_the_size_is_that_of_the_content(database: Database) -> None:
    with pytest.raises(errors.CheckViolation, match="ck_attachments_size"):
        database.execute(STORE, a_client(database), None, b"four")
