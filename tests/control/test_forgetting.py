"""Every night what is over is deleted, and nothing else."""

from datetime import UTC, datetime, timedelta

from deploy import schedules
from domain.sign_ins import KEPT, LINKS_KEPT
from tests.control.conftest import Control
from tests.support.people import a_sign_in

HOUR = timedelta(hours=1)


async def test_what_is_over_is_forgotten_and_what_lasts_is_kept(control: Control) -> None:
    database, now = control.office.database, datetime.now(UTC)
    old = a_sign_in(database, control.office.client, now - KEPT - HOUR)
    kept = a_sign_in(database, control.office.client, now - KEPT + HOUR)
    for sign_in in (old, kept):
        database.execute("INSERT INTO refresh_tokens VALUES (%s, %s, %s)", sign_in, sign_in, now)
    for name, at in (("old", now - LINKS_KEPT - HOUR), ("kept", now - LINKS_KEPT + HOUR)):
        database.execute(
            "INSERT INTO sign_in_links (mail_mark, network_mark, browser_hash, asked_at) "
            "VALUES (%s, '', '', %s)",
            *(name, at),
        )
    assert await control.triggered(schedules.FORGETTING) == 2
    assert database.rows("SELECT id::text FROM sign_ins") == [(kept,)]
    assert database.rows("SELECT hash FROM refresh_tokens") == [(kept,)]
    assert database.rows("SELECT mail_mark FROM sign_in_links") == [("kept",)]
    assert await control.triggered(schedules.FORGETTING) == 0


async def test_it_is_at_night_in_paris(control: Control) -> None:
    handle = control.office.environment.client.get_schedule_handle(schedules.FORGETTING)
    spec = (await handle.describe()).schedule.spec
    [calendar] = spec.calendars
    assert spec.time_zone_name == "Europe/Paris"
    assert [(one.start, one.end) for one in calendar.hour] == [(4, 4)]
