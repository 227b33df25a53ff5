"""What clients do to their tickets, with the whole service behind, and the back office for them."""

from datetime import datetime, timedelta

from api.codes import ApiCode
from domain.errors import Refusal
from tests.api.frontend import is_problem
from tests.api.reaching import (
    CONSENT,
    a_slot,
    done_once,
    journalled,
    open_ticket,
    reach_review,
    reach_session,
    refused,
)
from tests.api.service import Service
from tests.support.people import a_technician


async def test_an_appointment_moves_and_a_slot_taken_meanwhile_has_alternatives(service: Service) -> None:
    ticket = await open_ticket(service)
    assert (await service.act(ticket, "consent", CONSENT)).status_code == 200
    later = {"start": await a_slot(service, timedelta(days=3))}
    other = {"start": await a_slot(service, timedelta(days=4))}
    moved = (await done_once(service, ticket, "reschedule", service.client, later, other)).json()
    assert (moved["start"], moved["sequence"], moved["consent"]) == (later["start"], 1, None)
    # An AnyDesk id given for another appointment is of no use for this one.
    assert moved["anydesk_id"] is None
    assert journalled(service, ticket, "reschedule") == [(service.client, "client", None)]

    start = datetime.fromisoformat(other["start"])
    service.database.execute(
        "INSERT INTO bookings (technician_id, during, state, skill, hold_expires_at) "
        "VALUES (%s, tstzrange(%s, %s), 'held', 'internet', %s)",
        service.technician,
        start,
        start + timedelta(hours=1),
        start,
    )
    answer = await service.api.post(f"/v1/tickets/{ticket}/reschedule", service.client, other)
    offered = answer.json()["alternatives"]
    assert is_problem(answer, Refusal.SLOT_TAKEN, alternatives=offered)
    assert len(offered) == 5
    assert all(datetime.fromisoformat(slot["start"]) >= start + timedelta(hours=1) for slot in offered)
    assert (await service.view(ticket, service.client))["start"] == later["start"]

    off_the_grid = {"start": (start + timedelta(minutes=7)).isoformat()}
    answer = await service.api.unchanged(
        service.api.post(f"/v1/tickets/{ticket}/reschedule", service.client, off_the_grid)
    )
    assert is_problem(answer, Refusal.SLOT_NOT_OFFERED)


async def test_a_move_into_the_first_14_days_needs_the_express_request(service: Service) -> None:
    ticket = await open_ticket(service, timedelta(days=20), express_request=False)
    sooner = {"start": await a_slot(service, timedelta(days=3))}
    path = f"/v1/tickets/{ticket}/reschedule"
    answer = await service.api.unchanged(service.api.post(path, service.client, sooner))
    assert is_problem(answer, ApiCode.EXPRESS_REQUEST_MISSING)
    later = {"start": await a_slot(service, timedelta(days=16))}
    assert (await service.api.post(path, service.client, later)).status_code == 200
    asked = {**sooner, "express_request": True}
    moved = await service.api.post(path, service.client, asked)
    assert (moved.status_code, moved.json()["start"]) == (200, sooner["start"])
    kept = 'SELECT count(*) FROM submissions WHERE body = \'{"express_request": "2026-11"}\''
    assert service.database.rows(kept) == [(1,)]


async def test_shortly_before_it_only_the_back_office_moves_an_appointment(service: Service) -> None:
    ticket = await open_ticket(service, timedelta(minutes=45))
    later = {"start": await a_slot(service, timedelta(days=1))}
    await refused(service, ticket, "reschedule", service.client, later, Refusal.TOO_LATE_TO_RESCHEDULE)
    other = {"start": await a_slot(service, timedelta(days=2))}
    moved = await done_once(service, ticket, "reschedule", service.back_office, later, other)
    assert moved.json()["start"] == later["start"]
    by_phone = [(service.back_office, "back_office", service.client)]
    assert journalled(service, ticket, "reschedule") == by_phone

    consented = await done_once(
        service, ticket, "consent", service.back_office, CONSENT, CONSENT | {"anydesk_id": "1234567890"}
    )
    assert (consented.json()["consent"]["text_version"], consented.json()["anydesk_id"]) == ("2026-11", None)
    assert journalled(service, ticket, "consent") == by_phone
    assert service.database.rows(
        "SELECT author_id::text, body FROM submissions WHERE kind = 'anydesk_id'"
    ) == [(service.back_office, {"anydesk_id": "123456789"})]

    reason = {"reason": "Le client a appelé : tout remarche."}
    cancelled = await done_once(service, ticket, "cancel", service.back_office, reason, {})
    assert cancelled.json()["outcome"] == {"code": "cancelled", "label": "annulée"}
    assert (cancelled.json()["next"], cancelled.json()["actions"]) == (None, [])
    assert journalled(service, ticket, "cancel") == by_phone
    assert service.database.rows("SELECT count(*) FROM bookings") == [(0,)]


async def test_a_withdrawal_takes_two_steps(service: Service) -> None:
    ticket = await open_ticket(service)
    statement = (await service.api.get(f"/v1/tickets/{ticket}/withdrawal", service.client)).json()
    assert statement["title"] == "Vous renoncez au contrat ici"
    assert statement["confirm"] == "Confirmer la rétractation"
    assert f"n° {ticket[:4]} {ticket[4:]}, « Internet et Wi-Fi »" in statement["contract"]
    assert statement["consequence"].startswith("Le rendez-vous est annulé et rien ne vous est facturé.")
    path = f"/v1/tickets/{ticket}/withdraw"
    old = await service.api.unchanged(
        service.api.post(path, service.client, {"statement_version": "2025-01"})
    )
    assert is_problem(old, ApiCode.WITHDRAWAL_STATEMENT_OUTDATED, current=statement["version"])
    confirmed = {"statement_version": statement["version"]}
    withdrawn = await done_once(service, ticket, "withdraw", service.client, confirmed)
    assert withdrawn.json()["outcome"]["code"] == "withdrawn"
    assert service.database.rows("SELECT details FROM journal WHERE act = 'withdraw'") == [
        ({"outcome": "withdrawn", "statement": statement["version"]},)
    ]
    again = await service.api.get(f"/v1/tickets/{ticket}/withdrawal", service.client)
    assert is_problem(again, Refusal.TICKET_CLOSED, details={"command": "withdraw"})


async def test_a_session_is_extended_and_stopped(service: Service) -> None:
    ticket = await reach_session(service)
    withdrawal = (await service.api.get(f"/v1/tickets/{ticket}/withdrawal", service.client)).json()
    assert withdrawal["consequence"].startswith("La séance en cours s’arrête aussitôt")
    lower = await service.api.unchanged(service.act(ticket, "extend", {"ceiling_minutes": 60}))
    assert is_problem(lower, Refusal.CEILING_NOT_RAISED, details={"ceiling_minutes": 60})
    raised = await done_once(
        service, ticket, "extend", service.client, {"ceiling_minutes": 90}, {"ceiling_minutes": 105}
    )
    assert raised.json()["ceiling_minutes"] == 90
    service.database.execute(
        "INSERT INTO bookings (technician_id, during, state, skill, hold_expires_at) "
        "SELECT technician_id, tstzrange(upper(during), upper(during) + interval '1 hour'), 'held', skill, "
        "upper(during) + interval '1 day' FROM bookings WHERE ticket = %s",
        ticket,
    )
    longer = {"ceiling_minutes": 120}
    await refused(service, ticket, "extend", service.client, longer, Refusal.TECHNICIAN_BOOKED_NEXT)
    stopped = (await done_once(service, ticket, "stop", service.client)).json()
    assert stopped["status"]["code"] == "to_report"
    [session] = stopped["sessions"]
    assert session["ended_by"] == {"code": "client", "label": "arrêtée par le client"}
    assert stopped["next"]["command"]["code"] == "report"


async def test_an_opinion_may_be_changed_and_a_dispute_raised_for_somebody_on_the_phone(
    service: Service,
) -> None:
    ticket = await reach_review(service)
    seen = await service.view(ticket, service.client)
    assert (seen["next"]["who"]["code"], seen["next"]["otherwise"]["code"]) == ("client", "silence_accepts")
    filed = datetime.fromisoformat(seen["report"]["filed_at"])
    assert datetime.fromisoformat(seen["next"]["by"]) == filed + timedelta(hours=72)
    opinion = {"stars": 3, "comment": "À voir.", "satisfied": False}
    first = await done_once(service, ticket, "review", service.client, opinion, {**opinion, "stars": 4})
    assert (first.json()["status"]["code"], first.json()["review"]["stars"]) == ("in_review", 3)
    second = await service.act(ticket, "review", {"stars": 2, "satisfied": False})
    assert (second.json()["review"]["stars"], second.json()["review"]["comment"]) == (2, None)
    reason = {"reason": "Le client dit que rien ne marche."}
    other = {"reason": "Le client dit que tout marche."}
    disputed = (await done_once(service, ticket, "dispute", service.back_office, reason, other)).json()
    assert (disputed["status"]["code"], disputed["dispute"]["reason"]) == ("suspended", reason["reason"])
    assert disputed["next"]["command"]["code"] == "take_over"
    assert journalled(service, ticket, "dispute") == [(service.back_office, "back_office", service.client)]
    assert (await service.view(ticket, service.client))["disputes"] == disputed["disputes"]


async def test_the_back_office_opens_a_ticket_for_a_client_on_the_phone(service: Service) -> None:
    """Without a hold: the first time from then on at which somebody is free."""
    await service.save_card()
    a_technician(service.database, "internet", name="Zoé Blanc")
    asked = {
        "client_id": service.client,
        "skill": "internet",
        "minutes": 30,
        "not_before": await a_slot(service, timedelta(days=1)),
        "description": "Plus de Wi-Fi du tout.",
        "phone": "06 12 34 56 78",
        "express_request": True,
    }
    opened = await service.api.post("/v1/tickets", service.back_office, asked, "phone")
    assert opened.status_code == 201
    ticket = opened.json()
    assert (ticket["status"]["code"], ticket["start"]) == ("scheduled", asked["not_before"])
    assert (ticket["client"]["id"], ticket["ceiling_minutes"]) == (service.client, 30)
    again = await service.api.unchanged(service.api.post("/v1/tickets", service.back_office, asked, "phone"))
    assert (again.status_code, again.json()) == (201, ticket)
    assert service.database.rows("SELECT author_id::text FROM submissions WHERE kind = 'request'") == [
        (service.back_office,)
    ]
    assert (await service.view(ticket["number"], service.client))["phone"] == "+33612345678"
