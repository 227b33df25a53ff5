"""What technicians do to their tickets, with the whole service behind."""

from datetime import UTC, datetime, timedelta
from typing import Any

from api.codes import ApiCode
from domain.errors import Refusal
from tests.api.frontend import is_problem
from tests.api.reaching import (
    CONSENT,
    REPORT,
    done_once,
    journalled,
    open_ticket,
    reach_appointment,
    refused,
)
from tests.api.service import Service
from tests.support.people import a_technician


async def reach(service: Service, ticket: str, technician: str) -> tuple[Any, Any]:
    seen = await service.view(ticket, technician)
    return seen["phone"], seen["anydesk_id"]


async def test_a_declined_ticket_is_out_of_sight_at_once(service: Service) -> None:
    """With it whatever told how to reach the client, even in the very window in which it was shown."""
    second = a_technician(service.database, "internet", name="Zoé Blanc")
    ticket = await open_ticket(service, timedelta(minutes=45))
    opened = await service.view(ticket, service.back_office)
    first = opened["technician"]["id"]
    other = second if first == service.technician else service.technician
    confirmed = await service.api.post(f"/v1/tickets/{ticket}/acknowledge", first)
    assert confirmed.status_code == 200
    assert (await service.act(ticket, "consent", CONSENT)).status_code == 200
    start = datetime.fromisoformat(opened["start"])
    await service.pass_time(ticket, start - timedelta(minutes=10) - datetime.now(UTC))
    assert await reach(service, ticket, first) == ("+33612345678", "123456789")

    path, reason = f"/v1/tickets/{ticket}/decline", {"reason": "Je suis malade ce matin."}
    declined = await service.api.post(path, first, reason, "mine")
    shown = {"number": ticket, "spoken_number": f"{ticket[:4]} {ticket[4:]}"}
    assert (declined.status_code, declined.json()) == (200, shown)
    again = await service.api.unchanged(service.api.post(path, first, reason, "mine"))
    assert (again.status_code, again.json()) == (200, shown)
    reused = await service.api.unchanged(
        service.api.post(path, first, {"reason": "Une autre raison."}, "mine")
    )
    assert is_problem(reused, ApiCode.IDEMPOTENCY_KEY_REUSED)
    assert journalled(service, ticket, "decline") == [(first, "technician", None)]

    for asking in (
        service.api.get(f"/v1/tickets/{ticket}", first),
        service.api.get(f"/v1/tickets/{ticket}/appointment.ics", first),
        service.api.post(f"/v1/tickets/{ticket}/call", first),
        service.api.post(path, first, reason),
    ):
        assert is_problem(await service.api.unchanged(asking), ApiCode.TICKET_NOT_FOUND)
    # The next one sees how to call; the AnyDesk id was given for an appointment with somebody else.
    assert await reach(service, ticket, other) == ("+33612345678", None)
    begin = {"ticket_number": ticket, "code": "0000"}
    answer = await service.api.unchanged(service.api.post(f"/v1/tickets/{ticket}/start", other, begin))
    assert is_problem(answer, Refusal.CONSENT_MISSING)
    reasons = (await service.view(ticket, service.back_office))["assignment"]
    assert {one["technician"]["id"]: one["reason"]["label"] for one in reasons} == {
        first: "a refusé la demande",
        other: "choisi",
    }


async def test_an_absent_client_after_three_calls_in_a_quarter_of_an_hour(service: Service) -> None:
    ticket = await reach_appointment(service)
    for _ in range(2):
        await done_once_again(service, ticket)
        await refused(service, ticket, "absent", service.technician, None, Refusal.CALLS_MISSING)
        await service.pass_time(ticket, timedelta(minutes=8))
    await done_once_again(service, ticket)
    absent = await done_once(service, ticket, "absent", service.technician)
    assert absent.json()["outcome"] == {"code": "client_absent", "label": "client absent"}
    assert absent.json()["phone"] is None
    assert len(journalled(service, ticket, "call")) == 3


async def done_once_again(service: Service, ticket: str) -> None:
    """One call, sent twice under one key."""
    key = f"call-{len(journalled(service, ticket, 'call'))}"
    assert (await service.act(ticket, "call", key=key)).status_code == 200
    again = await service.api.unchanged(service.act(ticket, "call", key=key))
    assert again.status_code == 200


async def test_each_act_of_a_session_is_done_once(service: Service) -> None:
    ticket = await open_ticket(service, timedelta(minutes=45))
    confirmed = await done_once(service, ticket, "acknowledge", service.technician)
    assert confirmed.json()["next"]["command"]["code"] == "consent"
    assert (await service.act(ticket, "consent", CONSENT)).status_code == 200
    seen = await service.view(ticket, service.client)
    assert seen["next"]["otherwise"]["code"] == "replaced"
    assert seen["who_calls"] == {"technician": "Thomas Leroy", "start": seen["start"]}
    start = datetime.fromisoformat(seen["start"])
    await service.pass_time(ticket, start - datetime.now(UTC))
    await done_once(service, ticket, "call", service.technician)
    code = (await service.view(ticket, service.client))["codes"]["client_code"]
    begin = {"ticket_number": ticket, "code": code}
    other = {"ticket_number": ticket, "code": "0000" if code != "0000" else "1111"}
    started = await done_once(service, ticket, "start", service.technician, begin, other)
    assert started.json()["next"]["command"]["code"] == "end"
    assert (await service.view(ticket, service.client))["who_calls"] is None
    await service.pass_time(ticket, timedelta(minutes=20))
    ended = await done_once(service, ticket, "end", service.technician)
    assert ended.json()["sessions"][0]["ended_by"]["code"] == "technician"
    filed = await done_once(
        service, ticket, "report", service.technician, REPORT, REPORT | {"declared_minutes": 21}
    )
    assert filed.json()["report"]["evidence"]["code"] == "stamps"
    assert await reach(service, ticket, service.technician) == (None, None)


async def test_an_incident_is_told_and_changes_nothing(service: Service) -> None:
    ticket = await open_ticket(service)
    said = {"text": "Le client n’a plus de connexion."}
    other = {"text": "Le client a de nouveau sa connexion."}
    told = (await done_once(service, ticket, "incident", service.technician, said, other)).json()
    assert told["status"]["code"] == "scheduled"
    [incident] = told["incidents"]
    assert (incident["text"], incident["by"]) == (said["text"], "Thomas Leroy")
    assert (await service.view(ticket, service.back_office))["incidents"] == told["incidents"]
    assert (await service.view(ticket, service.client))["incidents"] is None
