"""The archive of what the law wants kept: who reads it, when it is destroyed, how things get there."""

from datetime import date

import pytest
from psycopg import errors

from db.engine import Sessions, create_engine, sessions
from db.stores import erasures
from deploy import archive
from tests.api import rows
from tests.support.leavers import FILE, NAME, PDF, Left, erased, open_erasure


async def test_the_owner_reads_the_archive_at_a_terminal(worker: Sessions, left: Left) -> None:
    await open_erasure(worker, left)
    await erased(worker, left)
    engine = create_engine(left.database.url("omea_owner"))
    try:
        owner = sessions(engine)
        said = await archive.describe(owner, "AF0007-00001")
        assert said[0] == "document AF0007-00001 : conservé jusqu'au 31/12/2036"
        assert NAME in said[1]
        assert await archive.content(owner, "AF0007-00001") == PDF
        assert await archive.content(owner, "OMEA-2026-10-1") == FILE
        for absent in ("AF0007-00002", "PAY-KERBRAT-1"):
            with pytest.raises(archive.NotInTheArchive):
                await archive.content(owner, absent)
    finally:
        await engine.dispose()


async def test_the_archive_is_the_owners_and_destroyed_when_its_time_is_over(
    worker: Sessions, left: Left
) -> None:
    database = left.database
    await open_erasure(worker, left)
    await erased(worker, left)
    for role, reading in (
        ("omea_api", "SELECT kind FROM archived_records"),
        ("omea_worker", "SELECT facts FROM archived_records"),
        ("omea_worker", "UPDATE archived_records SET destroy_after = '2026-01-01'"),
        ("omea_worker", "DELETE FROM documents"),
        ("omea_api", "SELECT erase_person('x', now())"),
        ("omea_api", "SELECT destroy_archived()"),
        ("omea_api", "SELECT mail FROM erasures"),
        ("omea_worker", "UPDATE erasures SET due_at = now()"),
    ):
        with database.connect(role) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(reading)
    for change in (
        "DELETE FROM archived_records",
        "UPDATE archived_records SET destroy_after = '2026-01-01'",
        "TRUNCATE archived_records",
    ):
        with database.connect("omea_owner") as connection, pytest.raises(errors.RestrictViolation):
            connection.execute(change)
    old = {"kind": "document", "facts": {"buyer": NAME}, "pdf": PDF}
    rows.insert(database, "archived_records", **old, reference="F2015-1", destroy_after=date(2025, 12, 31))
    for destroyed in (1, 0):
        async with worker.begin() as session:
            assert await erasures.destroy_archived(session) == destroyed
    assert database.rows(
        "SELECT reference, facts, pdf FROM archived_records WHERE destroyed_at IS NOT NULL"
    ) == [("F2015-1", {}, None)]


def test_documents_and_files_leave_for_the_archive_only(left: Left) -> None:
    for change in (
        "DELETE FROM documents",
        "UPDATE documents SET facts = '{}'",
        "UPDATE transfer_files SET xml = NULL",
        "DELETE FROM transfer_files",
    ):
        with left.database.connect("omea_owner") as connection, pytest.raises(errors.RestrictViolation):
            connection.execute(change)
