"""A ticket through HTTP only, from the card to the transfer, with the whole service behind."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus

from activities.documents.reading import Inside, read_inside
from api.codes import ApiCode
from api.errors import Problem
from api.processes import Workflows
from api.temporal import Temporal
from domain.cards import CardRequest
from domain.errors import Refusal
from domain.ids import card_workflow_id, ticket_workflow_id
from domain.messages import Actor, TicketRequest
from domain.opening_hours import ALWAYS
from domain.tickets import Role
from tests.api.frontend import is_problem, open_frontend
from tests.api.reaching import CONSENT, HELP, REPORT, reach_appointment, reach_review
from tests.api.service import Service
from tests.support.temporal import replay_history_of


async def test_a_request_becomes_a_paid_invoice_and_a_transfer(service: Service) -> None:
    page = await service.api.post("/v1/cards", service.client, {"return_url": "https://omea.example/merci"})
    assert page.status_code == 201
    assert page.json()["url"].startswith("http")
    await service.save_card()
    card = (await service.api.get("/v1/cards", service.client)).json()["card"]
    assert card["label"] == "Visa •••• 4242"

    opened = await service.ask_for_help(await service.a_hold(), key="help")
    ticket = opened.json()["number"]
    assert (opened.status_code, opened.headers["location"]) == (201, f"/v1/tickets/{ticket}")
    assert opened.json()["status"] == {"code": "scheduled", "label": "planifiée"}
    assert opened.json()["technician"] == {"id": service.technician, "name": "Thomas Leroy"}
    assert (opened.json()["phone"], opened.json()["ceiling_minutes"]) == ("+33612345678", 60)
    codes = opened.json()["codes"]

    confirmed = await service.act(ticket, "acknowledge")
    assert (confirmed.status_code, confirmed.json()["acknowledged_at"] is not None) == (200, True)
    early = await service.act(ticket, "call")
    assert is_problem(early, Refusal.TOO_EARLY)
    assert (await service.view(ticket, service.technician))["phone"] is None

    start = datetime.fromisoformat(opened.json()["start"])
    await service.pass_time(ticket, start - timedelta(minutes=14) - datetime.now(UTC))
    assert (await service.view(ticket, service.technician))["phone"] == "+33612345678"
    called = await service.act(ticket, "call")
    assert (called.status_code, called.json()["called_at"] is not None) == (200, True)
    body = {"ticket_number": f"{ticket[:4]} {ticket[4:]}", "code": codes["client_code"]}
    assert is_problem(
        await service.api.unchanged(service.act(ticket, "start", body)), Refusal.CONSENT_MISSING
    )
    consented = await service.act(ticket, "consent", CONSENT)
    assert consented.json()["consent"]["text_version"] == "2026-11"
    assert (await service.view(ticket, service.technician))["anydesk_id"] == "123456789"

    wrong = {**body, "code": f"{(int(codes['client_code']) + 1) % 10_000:04d}"}
    for _ in range(2):
        assert is_problem(await service.act(ticket, "start", wrong, key="wrong"), Refusal.WRONG_CODE)
    assert (await service.view(ticket, service.back_office))["wrong_codes"] == 1
    started = await service.act(ticket, "start", body)
    assert (started.status_code, started.json()["status"]["code"]) == (200, "in_session")
    assert (started.json()["codes"], started.json()["phone"]) == (None, "+33612345678")

    await service.pass_time(ticket, timedelta(minutes=18))
    assert (await service.act(ticket, "end")).json()["status"]["code"] == "to_report"
    filed = await service.act(ticket, "report", REPORT, key="report")
    assert (filed.json()["status"]["code"], filed.json()["phone"]) == ("in_review", None)
    report = filed.json()["report"]
    assert (report["text"], report["declared_minutes"], report["billed_slices"]) == (REPORT["text"], 20, 2)
    again = await service.api.unchanged(service.act(ticket, "report", REPORT, key="report"))
    assert (again.status_code, again.json()) == (200, filed.json())
    second = await service.api.unchanged(service.act(ticket, "report", REPORT))
    assert is_problem(
        second, Refusal.NOT_ALLOWED_IN_STATUS, details={"command": "report", "status": "in_review"}
    )

    reviewed = await service.act(ticket, "review", {"stars": 5, "comment": "Très patient."}, key="review")
    assert reviewed.status_code == 200
    assert reviewed.json()["review"]["comment"] == "Très patient."
    await service.pass_time(ticket, timedelta(minutes=11))
    handle = service.environment.client.get_workflow_handle(ticket_workflow_id(ticket))
    assert await handle.result() == "paid"
    await replay_history_of(handle)

    invoice = (await service.api.get(f"/v1/tickets/{ticket}/invoice", service.client)).json()
    assert (invoice["total_ttc_cents"], invoice["payment"]["code"]) == (3000, "paid")
    pdf = await service.api.get(f"/v1/tickets/{ticket}/invoice.pdf", service.client)
    [(stored, sha256)] = service.database.rows("SELECT number, sha256 FROM documents")
    assert (pdf.status_code, stored, pdf.headers["etag"]) == (200, invoice["number"], f'"{sha256}"')
    assert hashlib.sha256(pdf.content).hexdigest() == sha256
    assert read_inside(pdf.content) == Inside(invoice["number"], 3000)
    mailed = [mail.attachments for mail in service.mail.messages if mail.subject.startswith("Facture")]
    assert [[(file.name, file.content) for file in files] for files in mailed] == [
        [(f"{invoice['number']}.pdf", pdf.content)]
    ]
    closed = await service.view(ticket, service.client)
    assert closed["invoice"]["document"] == f"/v1/tickets/{ticket}/invoice.pdf"
    assert (closed["status"]["code"], closed["outcome"]["code"], closed["actions"]) == ("closed", "paid", [])
    late = await service.api.unchanged(service.act(ticket, "review", {"stars": 1}))
    assert is_problem(late, Refusal.TICKET_CLOSED, details={"command": "review"})
    # Its workflow is over: the same requests still find what they did.
    again = await service.api.unchanged(
        service.act(ticket, "review", {"stars": 5, "comment": "Très patient."}, key="review")
    )
    assert (again.status_code, again.json()["status"]["code"]) == (200, "closed")
    hold = service.database.rows("SELECT body ->> 'hold_id' FROM submissions WHERE kind = 'request'")[0][0]
    again = await service.api.unchanged(service.ask_for_help(hold, key="help"))
    assert (again.status_code, again.json()["number"]) == (201, ticket)
    gains = (await service.api.get("/v1/me/gains", service.technician)).json()
    assert [gain["amount_cents"] for gain in gains["gains"]] == [1600]


async def test_one_request_sent_5_times_at_once_is_one_ticket(service: Service) -> None:
    await service.save_card()
    hold = await service.a_hold()
    answers = await asyncio.gather(*(service.ask_for_help(hold, key="same") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert service.database.rows("SELECT count(*), min(state) FROM bookings") == [(1, "booked")]


async def test_a_ticket_asked_while_nobody_worked_is_booked_at_the_retry(service: Service) -> None:
    await service.save_card()
    hold = await service.a_hold()
    asked = {"hold_id": hold, **HELP}
    async with open_frontend(
        service.database, hours=ALWAYS, clock=service.api.clock
    ) as cut_off_from_temporal:
        answer = await cut_off_from_temporal.post("/v1/tickets", service.client, asked, key="same")
        assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)
    answer = await service.ask_for_help(hold, key="same")
    assert (answer.status_code, answer.json()["status"]["code"]) == (201, "scheduled")
    assert service.database.rows("SELECT count(*) FROM tickets") == [(1,)]


async def test_a_ticket_just_booked_is_open_only_once_its_workflow_says_so(service: Service) -> None:
    """Its row is there as soon as it is committed, and a worker may die before its workflow is told."""
    await service.save_card()
    hold = await service.a_hold()
    opened = await service.ask_for_help(hold, key="same")
    asked = {"hold_id": hold, **HELP}
    async with open_frontend(
        service.database, hours=ALWAYS, clock=service.api.clock
    ) as cut_off_from_temporal:
        answer = await cut_off_from_temporal.unchanged(
            cut_off_from_temporal.post("/v1/tickets", service.client, asked, key="same")
        )
        assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)
    again = await service.api.unchanged(service.ask_for_help(hold, key="same"))
    assert (again.status_code, again.json()) == (201, opened.json())


async def test_a_lost_slot_is_a_ticket_to_assign(service: Service) -> None:
    """The hold ran out before any worker came, and somebody else took the time."""
    await service.save_card()
    hold = await service.a_hold()
    async with open_frontend(
        service.database, hours=ALWAYS, clock=service.api.clock
    ) as cut_off_from_temporal:
        asked = {"hold_id": hold, **HELP}
        await cut_off_from_temporal.post("/v1/tickets", service.client, asked, key="same")
    service.database.execute("UPDATE bookings SET id = uuidv7(), held_by = NULL")
    answer = await service.ask_for_help(hold, key="same")
    assert (answer.status_code, answer.json()["status"]["code"]) == (201, "to_assign")
    assert answer.json()["technician"] is None
    queue = (await service.api.get("/v1/queue", service.back_office)).json()["waiting"]
    assert [one["reason"]["code"] for one in queue] == ["to_assign"]


async def test_a_dispute_suspends_and_hides(service: Service) -> None:
    ticket = await reach_review(service)
    disputed = await service.act(ticket, "dispute", {"reason": "Rien ne marche toujours."})
    assert (disputed.status_code, disputed.json()["status"]["code"]) == (200, "suspended")
    assert disputed.json()["dispute"]["reason"] == "Rien ne marche toujours."
    assert disputed.json()["actions"] == ["review", "dispute"]
    answer = await service.api.get(f"/v1/tickets/{ticket}/invoice", service.client)
    assert is_problem(answer, ApiCode.INVOICE_NOT_FOUND)
    queue = (await service.api.get("/v1/queue", service.back_office)).json()["waiting"]
    assert [(one["ticket"]["number"], one["reason"]["code"]) for one in queue] == [(ticket, "suspended")]
    journal = (await service.api.get(f"/v1/tickets/{ticket}/journal", service.back_office)).json()["entries"]
    assert [entry["act"] for entry in journal] == [
        *("book", "acknowledge", "consent", "call", "start", "end", "report", "dispute")
    ]


async def test_of_5_reports_at_once_one_is_filed(service: Service) -> None:
    ticket = await reach_appointment(service)
    [(code,)] = service.database.rows("SELECT client_code FROM tickets WHERE number = %s", ticket)
    start = {"ticket_number": ticket, "code": code}
    same = await asyncio.gather(*(service.act(ticket, "start", start, key="same") for _ in range(5)))
    assert {answer.status_code for answer in same} == {200}
    assert service.database.rows("SELECT count(*) FROM journal WHERE act = 'start'") == [(1,)]
    await service.pass_time(ticket, timedelta(minutes=20))
    assert (await service.act(ticket, "end")).status_code == 200
    others = await asyncio.gather(*(service.act(ticket, "report", REPORT) for _ in range(5)))
    assert sorted(answer.status_code for answer in others) == [200] + [409] * 4
    assert {answer.json()["code"] for answer in others if answer.status_code == 409} == {
        "not_allowed_in_status"
    }
    assert service.database.rows("SELECT count(*) FROM reports") == [(1,)]


async def test_a_process_that_is_over_is_asked_again_without_harm(service: Service) -> None:
    """Straight at the workflows, where the API would look at the database first."""
    temporal = service.environment.client
    workflows = Workflows(Temporal(temporal), service.task_queue, service.api.given.public_url)
    card = CardRequest(service.client, "https://omea.example")
    card_id = card_workflow_id(service.client, "once")
    page = await workflows.open_card_page(card_id, card, "once")
    await temporal.get_workflow_handle(card_id).terminate()
    assert await workflows.open_card_page(card_id, card, "once") == page
    with pytest.raises(Problem, match="card_page_closed"):
        await workflows.open_card_page(card_id, card, "twice")

    await service.save_card()
    hold = await service.a_hold()
    ticket = (await service.ask_for_help(hold)).json()["number"]
    handle = temporal.get_workflow_handle(ticket_workflow_id(ticket))
    request = (await handle.fetch_history()).events[0].workflow_execution_started_event_attributes.input
    [first] = await temporal.data_converter.decode(request.payloads, [TicketRequest])
    await handle.terminate()
    await workflows.open_ticket(first, Actor(service.client, Role.CLIENT), "another")
    description = await handle.describe()
    case_file = f"({service.api.given.public_url}/dossiers/{ticket})"
    assert case_file in (await description.static_details() or "")
    assert description.status is WorkflowExecutionStatus.TERMINATED
    assert is_problem(await service.act(ticket, "acknowledge"), Refusal.TICKET_CLOSED)
