"""A mail that had to wait goes out only if nothing has made it untrue meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from activities.relevance import sequence, still_makes_sense
from db.reads.notice_facts import NoticeFacts
from domain.deadlines import PRODUCTION
from domain.notices import Notice, Notify
from domain.opening_hours import PRODUCTION as HOURS
from domain.tickets import Status
from tests.activities.desk import NOW, TICKET, Desk, it_is_ruled, the_session_is_reported
from tests.activities.letters import FACTS
from tests.support.people import a_technician

ABOUT_AN_APPOINTMENT = [
    Notice.BOOKED,
    Notice.RESCHEDULED,
    Notice.TECHNICIAN_CHANGED,
    Notice.REMINDER,
]


def makes_sense(notice: Notice, facts: NoticeFacts, occasion: str = "") -> bool:
    notify = Notify(TICKET, notice.value, NOW, PRODUCTION, HOURS, occasion)
    return still_makes_sense(notice, notify, facts)


@pytest.mark.parametrize(
    ("notice", "status"),
    [
        (Notice.BOOKED, Status.TO_ASSIGN),
        (Notice.BOOKED, Status.CLOSED),
        (Notice.RESCHEDULED, Status.CLOSED),
        (Notice.TECHNICIAN_CHANGED, Status.TO_ASSIGN),
        (Notice.SLOTS_OFFERED, Status.SCHEDULED),
        (Notice.REMINDER, Status.IN_SESSION),
        (Notice.REPORT_DUE, Status.IN_REVIEW),
        (Notice.REPORT_OVERDUE, Status.IN_REVIEW),
        (Notice.REVIEW_DUE, Status.INVOICED),
        (Notice.SUSPENDED, Status.IN_REVIEW),
        (Notice.STILL_SUSPENDED, Status.CLOSED),
        (Notice.RULED, Status.SUSPENDED),
        (Notice.CEILING_REACHED, Status.TO_REPORT),
        (Notice.LONG_SESSION, Status.TO_REPORT),
        (Notice.TO_ASSIGN, Status.SCHEDULED),
        (Notice.NOT_STARTED, Status.IN_SESSION),
        (Notice.PAYMENT_LATE, Status.CLOSED),
        (Notice.UNPAID, Status.CLOSED),
        (Notice.STILL_UNPAID, Status.CLOSED),
    ],
)
def test_one_that_comes_too_late_makes_no_sense(notice: Notice, status: Status) -> None:
    assert not makes_sense(notice, replace(FACTS, status=status))


def test_a_document_that_was_made_meanwhile_is_late_no_more() -> None:
    facts = replace(FACTS, undocumented=("A2026-000012",))
    assert makes_sense(Notice.DOCUMENT_LATE, facts, "A2026-000012:2026-11-25")
    assert not makes_sense(Notice.DOCUMENT_LATE, facts, "F2026-000123:2026-11-24")


@pytest.mark.parametrize("notice", ABOUT_AN_APPOINTMENT)
@pytest.mark.parametrize("occasion", ["", "2026-11-22T13:30:00+00:00", "1", "1:2026-11-22T13:30:00+00:00"])
def test_one_about_an_appointment_that_has_moved_makes_none_either(notice: Notice, occasion: str) -> None:
    assert makes_sense(notice, replace(FACTS, sequence=sequence(occasion)), occasion)
    assert not makes_sense(notice, replace(FACTS, sequence=2), occasion)


@pytest.mark.parametrize("notice", ABOUT_AN_APPOINTMENT)
@pytest.mark.parametrize("occasion", ["2", "2:2026-11-22T13:30:00+00:00", "3"])
def test_one_about_the_appointment_as_it_is_does(notice: Notice, occasion: str) -> None:
    assert makes_sense(notice, replace(FACTS, sequence=2), occasion)


async def test_what_makes_no_sense_is_not_even_entered(desk: Desk) -> None:
    desk.becomes("scheduled", sequence=2)
    await desk.notify(Notice.REMINDER, "1:2026-11-22T13:30:00+00:00")
    assert desk.office.tried == []
    assert desk.recorded() == {}
    await desk.notify(Notice.REMINDER, "2:2026-11-22T13:30:00+00:00")
    assert len(desk.office.delivered) == 2


def test_an_occasion_names_its_appointment_first() -> None:
    named = {"": 0, "0": 0, "7": 7, "12:2026-11-22T13:30:00+00:00": 12, "2026-11-22T13:30:00+00:00": 0}
    assert {occasion: sequence(occasion) for occasion in named} == named


async def test_one_who_was_given_the_ticket_back_is_not_told_to_leave_it(desk: Desk) -> None:
    await desk.notify(Notice.RELEASED, "1", technician=desk.technician)
    assert desk.office.tried == []
    # A ticket that has ended keeps the name of its last technician.
    desk.becomes("closed")
    await desk.notify(Notice.RELEASED, "1", technician=desk.technician)
    assert desk.office.tried == [desk.technician_address]


async def test_each_technician_who_is_released_is_told(desk: Desk) -> None:
    first, second = a_technician(desk.database), a_technician(desk.database)
    for technician in (first, second, first):
        await desk.notify(Notice.RELEASED, "1", technician=technician)
    assert desk.office.tried == [desk.address(first), desk.address(second)]
    assert desk.recorded() == {
        f"{TICKET}:released:1:technician:{first}": (first, True),
        f"{TICKET}:released:1:technician:{second}": (second, True),
    }


async def test_a_ceiling_that_was_raised_meanwhile_is_not_reached(desk: Desk) -> None:
    the_session_is_reported(desk)
    reached = NOW + timedelta(days=3) + 60 * PRODUCTION.minute
    desk.becomes("in_session", ceiling_minutes=75)
    await desk.notify(Notice.CEILING_REACHED, at=reached)
    assert desk.office.tried == []
    desk.becomes("in_session", ceiling_minutes=60)
    await desk.notify(Notice.CEILING_REACHED, at=reached)
    assert len(desk.office.delivered) == 2


async def test_a_free_session_is_announced_only_before_it_begins(desk: Desk) -> None:
    the_session_is_reported(desk)
    it_is_ruled(desk, "rework")
    desk.becomes("in_session")
    await desk.notify(Notice.RULED, "1")
    assert desk.office.tried == []
    desk.becomes("scheduled")
    await desk.notify(Notice.RULED, "1")
    assert len(desk.office.delivered) == 2
