"""What a calendar does with the files that mails bring, as `icalendar` reads them off a real mail server."""

from datetime import timedelta

import pytest
from icalendar import Calendar, Event

from domain.notices import Notice
from tests.activities.desk import NOW, TICKET, Desk, the_session_is_reported
from tests.support.smtp_server import Delivered

START = NOW + timedelta(days=3)


def files(mail: Delivered) -> list[tuple[str, Event]]:
    """Each calendar file's method, and what it says; the mail's own header must say the same method."""
    found = []
    for part in mail.mail.iter_attachments():
        if part.get_content_type() != "text/calendar":
            continue
        assert part.get_filename() == "rendez-vous.ics"
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        calendar = Calendar.from_ical(content)
        assert part.get_param("method") == calendar["method"]
        [event] = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]
        assert event["uid"] == f"{TICKET}@omeasupport"
        assert str(event["organizer"]).startswith("mailto:")
        found.append((str(calendar["method"]), event))
    return found


def the_file(mail: Delivered) -> tuple[str, Event]:
    [file] = files(mail)
    return file


def sequence(event: Event) -> int:
    return int(str(event["sequence"]))


async def test_a_confirmation_is_entered_by_both(desk: Desk) -> None:
    await desk.notify(Notice.BOOKED)
    for address, page in ((desk.client_address, "demandes"), (desk.technician_address, "interventions")):
        [mail] = desk.office.to(address)
        method, event = the_file(mail)
        assert (method, event["status"], event["sequence"]) == ("PUBLISH", "CONFIRMED", 0)
        assert (event.start, event.end) == (START, START + timedelta(hours=1))
        assert event["url"] == f"https://omeasupport.test/{page}/{TICKET}"
        # As in the mails: the technician knows no name yet, the client a first name.
        assert "Claire" not in str(event["summary"])
        assert "Leroy" not in str(event["summary"])


async def test_moved_it_is_replaced_and_cancelled_it_is_taken_away(desk: Desk) -> None:
    await desk.notify(Notice.BOOKED)
    later = START + timedelta(minutes=30)
    desk.becomes("scheduled", sequence=1, appointment_start=later, appointment_end=later + timedelta(hours=1))
    await desk.notify(Notice.RESCHEDULED, "1")
    desk.becomes("closed")
    await desk.notify(Notice.CANCELLATION_CONFIRMED)
    await desk.notify(Notice.RELEASED, "1", technician=desk.technician)
    booked, moved, gone = (the_file(mail) for mail in desk.office.to(desk.client_address))
    assert [method for method, _ in (booked, moved, gone)] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert moved[1].start == later
    assert gone[1]["status"] == "CANCELLED"
    sequences = [sequence(event) for _, event in (booked, moved, gone)]
    assert sequences == sorted(set(sequences))
    # The technician's goes with the mail that says so, and tells no hour.
    *_, (method, released) = (the_file(mail) for mail in desk.office.to(desk.technician_address))
    assert (method, released["status"], released["sequence"]) == ("CANCEL", "CANCELLED", sequences[-1])
    assert "dtstart" not in released
    assert "url" not in released


async def test_given_back_it_is_entered_again(desk: Desk) -> None:
    """Released of one appointment and booked for the next: the later one counts, whichever comes first."""
    desk.becomes("suspended", sequence=1)
    await desk.notify(Notice.RELEASED, "1", technician=desk.technician)
    desk.becomes("scheduled", sequence=2)
    await desk.notify(Notice.BOOKED, "2")
    [gone, again] = (the_file(mail)[1] for mail in desk.office.to(desk.technician_address))
    assert sequence(again) > sequence(gone)


async def test_a_free_session_that_is_called_off_leaves_the_calendar(desk: Desk) -> None:
    the_session_is_reported(desk)
    desk.becomes("suspended", sequence=1)
    desk.journal("cancel")
    await desk.notify(Notice.SUSPENDED)
    [mail] = desk.office.to(desk.client_address)
    assert the_file(mail)[0] == "CANCEL"
    assert not any(files(mail) for mail in desk.office.to(desk.technician_address))


@pytest.mark.parametrize("notice", [Notice.REMINDER, Notice.WITHDRAWN, Notice.SUSPENDED])
async def test_what_changes_nothing_brings_none(desk: Desk, notice: Notice) -> None:
    """A reminder; a withdrawal during the session; a dispute."""
    if notice is not Notice.REMINDER:
        the_session_is_reported(desk)
        desk.becomes("suspended")
        desk.journal("dispute" if notice is Notice.SUSPENDED else "withdraw")
    await desk.notify(notice)
    assert desk.office.delivered
    assert not any(files(mail) for mail in desk.office.delivered)


async def test_who_never_had_an_hour_is_sent_none(desk: Desk) -> None:
    desk.becomes("closed", flexible=True)
    await desk.notify(Notice.CANCELLED)
    [mail] = desk.office.to(desk.client_address)
    assert files(mail) == []
