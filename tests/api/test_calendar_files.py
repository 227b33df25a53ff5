"""Appointments as calendar files."""

from datetime import datetime, timedelta
from typing import Any

import httpx
from icalendar import Calendar, Event

from api.codes import ApiCode
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.api.reaching import a_slot, open_ticket
from tests.api.rows import PHONE, a_ticket, insert
from tests.api.service import Service
from tests.support.people import a_client, a_technician


def entries(answer: httpx.Response) -> list[Event]:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    calendar = Calendar.from_ical(answer.text)
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    return [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]


def journalled(api: Frontend, ticket: str, at: datetime) -> None:
    insert(
        api.database,
        "journal",
        ticket=ticket,
        key=at.isoformat(),
        at=at,
        actor_id="system",
        actor_role="system",
        act="book",
        before="requested",
        after="scheduled",
    )


async def test_the_agenda_of_a_technician(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    first = a_ticket(api.database, client, technician, sequence=3)
    gone: dict[str, Any] = {"status": "closed", "outcome": "cancelled"}
    second = a_ticket(api.database, client, technician, start=MORNING + timedelta(days=2), **gone)
    a_ticket(api.database, client, a_technician(api.database, name="Zoé Blanc"))
    a_ticket(api.database, client, technician, start=MORNING + timedelta(days=40))
    journalled(api, first, MORNING - timedelta(hours=3))
    journalled(api, first, MORNING - timedelta(hours=2))
    answer = await api.get("/v1/me/agenda.ics", technician)
    one, other = entries(answer)
    assert (one["uid"], one["sequence"], one["status"]) == (f"{first}@omeasupport", 6, "CONFIRMED")
    assert MORNING - timedelta(hours=2) == one.DTSTAMP
    assert (one.start, one.end) == (
        MORNING + timedelta(hours=1),
        MORNING + timedelta(hours=2),
    )
    assert one["summary"] == "OmeaSupport : Internet et Wi-Fi, avec Claire Petit"
    assert one["description"] == f"Demande n° {first[:4]} {first[4:]}"
    assert (other["uid"], other["status"]) == (f"{second}@omeasupport", "CANCELLED")
    for secret in (PHONE, PHONE[-9:], "2958", "4071"):
        assert secret not in answer.text


async def test_an_appointment_keeps_its_id_when_it_moves_and_says_when_it_is_called_off(
    service: Service,
) -> None:
    ticket = await open_ticket(service)
    path = f"/v1/tickets/{ticket}/appointment.ics"
    [booked] = entries(await service.api.get(path, service.client))
    assert (booked["uid"], booked["sequence"]) == (f"{ticket}@omeasupport", 0)
    assert booked["summary"] == "OmeaSupport : Internet et Wi-Fi, avec Thomas Leroy"
    await service.pass_time(ticket, timedelta(minutes=5))
    later = await a_slot(service, timedelta(days=3))
    assert (await service.act(ticket, "reschedule", {"start": later})).status_code == 200
    for person in (service.client, service.technician):
        [moved] = entries(await service.api.get(path, person))
        assert (moved["uid"], moved["sequence"]) == (booked["uid"], 2)
        assert moved.start == datetime.fromisoformat(later)
        assert moved.DTSTAMP is not None
        assert booked.DTSTAMP is not None
        assert moved.DTSTAMP > booked.DTSTAMP
    assert (await service.act(ticket, "cancel")).status_code == 200
    [gone] = entries(await service.api.get(path, service.client))
    assert (gone["uid"], gone["sequence"], gone["status"]) == (booked["uid"], 3, "CANCELLED")


async def test_a_ticket_that_waits_for_a_technician(api: Frontend) -> None:
    """At a time of its own it may still take place; without one there is nothing to enter."""
    client = a_client(api.database)
    waiting = a_ticket(api.database, client, None, status="to_assign")
    [entry] = entries(await api.get(f"/v1/tickets/{waiting}/appointment.ics", client))
    assert (entry["status"], entry["summary"]) == ("TENTATIVE", "OmeaSupport : Internet et Wi-Fi")
    anytime = a_ticket(api.database, client, None, status="to_assign", flexible=True)
    answer = await api.get(f"/v1/tickets/{anytime}/appointment.ics", client)
    assert is_problem(answer, ApiCode.APPOINTMENT_NOT_FOUND)
