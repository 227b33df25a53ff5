"""Technicians are told once that their papers end in a month, in a week, and that they have ended."""

from datetime import UTC, date, datetime, timedelta

import pytest

from deploy import schedules
from domain.opening_hours import PARIS
from domain.vetting import reminder
from tests.control.conftest import Control
from tests.support.people import a_technician

SOON, OVER = "Votre attestation de vigilance prend bientôt fin", "Votre attestation de vigilance a pris fin"
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("days", "due"),
    [(-200, 0), (-1, 0), (0, 7), (7, 7), (8, 30), (30, 30), (31, None)],
)
def test_the_nearest_reminder_is_the_one_that_is_due(days: int, due: int | None) -> None:
    assert reminder(TODAY + timedelta(days=days), TODAY) == due


async def test_each_reminder_goes_out_once_and_only_to_who_is_given_clients(control: Control) -> None:
    database, mail = control.office.database, control.office.mail
    today = datetime.now(UTC).astimezone(PARIS).date()

    def until(technician: str, days: int) -> None:
        day = today + timedelta(days=days)
        database.execute("UPDATE payees SET vigilance_until = %s WHERE technician_id = %s", day, technician)

    month, week, over, later, unvetted, gone = (a_technician(database) for _ in range(6))
    for technician, days in ((month, 29), (week, 6), (over, -1), (later, 40), (unvetted, 6), (gone, 6)):
        until(technician, days)
    database.execute("UPDATE technicians SET vetted_at = NULL WHERE id = %s", unvetted)
    database.execute("UPDATE people SET active = false WHERE id = %s", gone)
    addresses = dict(database.rows("SELECT id::text, mail FROM people"))
    expected = [(addresses[over], OVER), (addresses[week], SOON), (addresses[month], SOON)]
    for _ in range(2):
        assert await control.triggered(schedules.EXPIRING_PAPERS) == 3
        assert [(message.to, message.subject) for message in mail.messages] == expected
    until(month, 5)
    until(over, 400)
    assert await control.triggered(schedules.EXPIRING_PAPERS) == 2
    assert [(one.to, one.subject) for one in mail.messages[3:]] == [(addresses[month], SOON)]
    kinds = "SELECT DISTINCT kind, recipient_id = ANY(%s::uuid[]) FROM notifications"
    assert database.rows(kinds, [month, week, over]) == [("papers_end", True)]
