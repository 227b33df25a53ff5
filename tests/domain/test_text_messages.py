"""By SMS: who is told, and that no telephone rings at night."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.deadlines import PRODUCTION
from domain.notices import Notice, Notify
from domain.opening_hours import PARIS
from domain.opening_hours import PRODUCTION as HOURS
from domain.text_messages import end_of_day, first_hour, roles_to_text
from domain.tickets import Role

START = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        ("2026-11-23 08:00", "2026-11-23 08:00"),
        ("2026-11-23 20:59:59", "2026-11-23 20:59:59"),
        ("2026-11-23 21:00", "2026-11-24 08:00"),
        ("2026-11-23 23:59", "2026-11-24 08:00"),
        ("2026-11-24 00:00", "2026-11-24 08:00"),
        ("2026-11-24 07:59:59", "2026-11-24 08:00"),
        # The nights in which clocks are changed.
        ("2026-10-24 22:00", "2026-10-25 08:00"),
        ("2027-03-27 22:00", "2027-03-28 08:00"),
    ],
)
def test_at_night_it_waits_for_the_morning(at: str, goes: str) -> None:
    assert first_hour(paris(at)) == paris(goes)
    assert end_of_day(first_hour(paris(at))).astimezone(PARIS).hour == 21


def notify(notice: Notice, before: timedelta) -> Notify:
    return Notify("48291573", notice.value, START - before, PRODUCTION, HOURS)


@pytest.mark.parametrize(
    ("notice", "before", "roles"),
    [
        (Notice.BOOKED, timedelta(days=3), (Role.CLIENT, Role.TECHNICIAN)),
        (Notice.RESCHEDULED, timedelta(days=3), (Role.CLIENT, Role.TECHNICIAN)),
        (Notice.TECHNICIAN_CHANGED, timedelta(minutes=20), (Role.CLIENT, Role.TECHNICIAN)),
        (Notice.REMINDER, timedelta(hours=1), (Role.CLIENT, Role.TECHNICIAN)),
        # The one of the day before is a mail; and after its hour an appointment is nobody's news.
        (Notice.REMINDER, timedelta(days=1), ()),
        (Notice.BOOKED, timedelta(0), ()),
        (Notice.INVOICE_ISSUED, timedelta(days=3), ()),
    ],
)
def test_few_messages_go_by_sms(notice: Notice, before: timedelta, roles: tuple[Role, ...]) -> None:
    assert roles_to_text(notify(notice, before), START) == roles
