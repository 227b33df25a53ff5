"""Each night what has been kept long enough goes."""

from datetime import timedelta

from deploy import schedules
from domain.accesses import KEPT_FOR
from tests.control.conftest import Control


async def test_the_journal_of_accesses_is_purged_of_what_is_too_old(control: Control) -> None:
    database = control.office.database
    for age in (KEPT_FOR + timedelta(days=1), timedelta(days=1)):
        database.execute(
            "INSERT INTO accesses (at, person_id, role, kind, recorded_at) "
            "VALUES (now() - %s, uuidv7(), 'finance', 'ledger', now() - %s)",
            *(age, age),
        )
    assert await control.triggered(schedules.PURGE) == 1
    assert database.rows("SELECT at > now() - interval '2 days' FROM accesses") == [(True,)]
    assert await control.triggered(schedules.PURGE) == 0
