"""Each night what has been kept long enough goes, and nothing else."""

from datetime import UTC, datetime, timedelta

from deploy import schedules
from domain import sign_ins
from domain.accesses import KEPT_FOR
from tests.control.conftest import Control
from tests.support.people import a_sign_in
from tests.support.second_factors import a_pending_sign_in

HOUR = timedelta(hours=1)


async def test_what_has_been_kept_long_enough_goes_and_the_rest_stays(control: Control) -> None:
    database, now = control.office.database, datetime.now(UTC)
    for age in (KEPT_FOR + timedelta(days=1), timedelta(days=1)):
        database.execute(
            "INSERT INTO accesses (at, person_id, role, kind, recorded_at) "
            "VALUES (now() - %s, uuidv7(), 'finance', 'ledger', now() - %s)",
            *(age, age),
        )
    old = a_sign_in(database, control.office.client, now - sign_ins.KEPT - HOUR)
    kept = a_sign_in(database, control.office.client, now - sign_ins.KEPT + HOUR)
    for sign_in in (old, kept):
        database.execute("INSERT INTO refresh_tokens VALUES (%s, %s, %s)", sign_in, sign_in, now)
    for name, at in (("old", now - sign_ins.LINKS_KEPT - HOUR), ("kept", now - sign_ins.LINKS_KEPT + HOUR)):
        database.execute(
            "INSERT INTO sign_in_links (mail_mark, network_mark, browser_hash, asked_at) "
            "VALUES (%s, '', '', %s)",
            *(name, at),
        )
    for age in (timedelta(days=1) + HOUR, timedelta(days=1) - HOUR):
        a_pending_sign_in(database, control.office.client, now - age)
        database.execute(
            "INSERT INTO wrong_codes (person_id, at) VALUES (%s, %s)", control.office.client, now - age
        )
    assert await control.triggered(schedules.PURGE) == {"accesses": 1, "sign_ins": 4}
    for table, when in (("pending_sign_ins", "began_at"), ("wrong_codes", "at")):
        assert database.rows(f"SELECT {when} > now() - interval '1 day' FROM {table}") == [(True,)]
    assert database.rows("SELECT at > now() - interval '2 days' FROM accesses") == [(True,)]
    assert database.rows("SELECT id::text FROM sign_ins") == [(kept,)]
    assert database.rows("SELECT hash FROM refresh_tokens") == [(kept,)]
    assert database.rows("SELECT mail_mark FROM sign_in_links") == [("kept",)]
    assert await control.triggered(schedules.PURGE) == {"accesses": 0, "sign_ins": 0}


async def test_it_is_at_night_in_paris(control: Control) -> None:
    handle = control.office.environment.client.get_schedule_handle(schedules.PURGE)
    spec = (await handle.describe()).schedule.spec
    [calendar] = spec.calendars
    assert spec.time_zone_name == "Europe/Paris"
    assert [(one.start, one.end) for one in calendar.hour] == [(4, 4)]
