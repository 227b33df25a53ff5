"""How a ticket gets to where a test wants it, over HTTP, and what every command must stand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from api.codes import ApiCode, Code
from tests.api.frontend import is_problem
from tests.api.service import Service

REPORT = {"text": "Canal Wi-Fi changé, tout est rétabli.", "declared_minutes": 20}
HELP = {
    "description": "Plus de Wi-Fi du tout.",
    "phone": "06 12 34 56 78",
    "express_request": True,
}
CONSENT = {"anydesk_id": "123 456 789", "text_version": "2026-11"}


async def reach_appointment(service: Service) -> str:
    """A ticket booked, confirmed and consented to, at the time of its appointment. Answers its number."""
    await service.save_card()
    opened = await service.ask_for_help(await service.a_hold())
    ticket = str(opened.json()["number"])
    assert (await service.act(ticket, "acknowledge")).status_code == 200
    assert (await service.act(ticket, "consent", CONSENT)).status_code == 200
    start = datetime.fromisoformat(opened.json()["start"])
    await service.pass_time(ticket, start - datetime.now(UTC))
    return ticket


async def reach_session(service: Service) -> str:
    ticket = await reach_appointment(service)
    assert (await service.act(ticket, "call")).status_code == 200
    [(code,)] = service.database.rows("SELECT client_code FROM tickets WHERE number = %s", ticket)
    started = await service.act(ticket, "start", {"ticket_number": ticket, "code": code})
    assert started.status_code == 200
    return ticket


async def reach_review(service: Service) -> str:
    ticket = await reach_session(service)
    await service.pass_time(ticket, timedelta(minutes=20))
    assert (await service.act(ticket, "end")).status_code == 200
    assert (await service.act(ticket, "report", REPORT)).status_code == 200
    return ticket


async def reach_paid(service: Service) -> str:
    """20 minutes are 2 slices, 30 euros."""
    # What a card has paid is not available at once, and a refund waits for money that is.
    await service.fund()
    ticket = await reach_review(service)
    accepted = await service.act(ticket, "review", {"stars": 5})
    assert accepted.json()["status"]["code"] == "invoiced"
    handle = service.environment.client.get_workflow_handle(f"ticket/{ticket}")
    await service.pass_time(ticket, timedelta(minutes=11))
    assert await handle.result() == "paid"
    return ticket


async def a_slot(service: Service, ahead: timedelta, person: str | None = None) -> str:
    """The beginning of the first free slot from then on."""
    begin = (service.api.clock() + ahead).isoformat()
    query = {"skill": "internet", "from": begin, "limit": 1}
    [slot] = (await service.api.get("/v1/slots", person or service.client, **query)).json()["slots"]
    return str(slot["start"])


async def open_ticket(
    service: Service, ahead: timedelta = timedelta(days=2), *, express_request: bool = True
) -> str:
    """A ticket just booked for that long from now. Answers its number."""
    await service.save_card()
    wanted = {"skill": "internet", "start": await a_slot(service, ahead)}
    hold = (await service.api.post("/v1/holds", service.client, wanted)).json()["id"]
    asked = {**HELP, "hold_id": hold, "express_request": express_request}
    opened = await service.api.post("/v1/tickets", service.client, asked)
    assert opened.status_code == 201
    return str(opened.json()["number"])


async def done_once(
    service: Service, ticket: str, act: str, person: str, body: Any = None, other: Any = None
) -> httpx.Response:
    """Does it, and proves that the same key does it no second time and stands for nothing else: for no other
    body, where there is one, and for no other act."""
    path, key = f"/v1/tickets/{ticket}/{act}", f"once-{act}-{ticket}"
    first = await service.api.post(path, person, body, key)
    assert first.status_code == 200, first.json()
    again = await service.api.unchanged(service.api.post(path, person, body, key))
    assert (again.status_code, again.json()) == (200, first.json())
    if other is None:
        path = f"/v1/tickets/{ticket}/{'incident' if person == service.technician else 'dispute'}"
        other = {"text" if person == service.technician else "reason": "Tout autre chose encore."}
    reused = await service.api.unchanged(service.api.post(path, person, other, key))
    assert is_problem(reused, ApiCode.IDEMPOTENCY_KEY_REUSED)
    return first


async def refused(
    service: Service, ticket: str, act: str, person: str, body: Any, code: Code, **more: Any
) -> None:
    """Proves that it is refused with that code, and that nothing of the ticket changes. The key and what was
    written are kept, so that the same may be asked again."""
    about = "SELECT (SELECT to_jsonb(t) FROM tickets t WHERE number = %s), (SELECT count(*) FROM journal)"
    before = service.database.rows(about, ticket)
    answer = await service.api.post(f"/v1/tickets/{ticket}/{act}", person, body)
    assert is_problem(answer, code, **more)
    assert service.database.rows(about, ticket) == before


def journalled(service: Service, ticket: str, act: str) -> list[tuple[Any, ...]]:
    """(actor, role, on behalf of) of each such act."""
    return service.database.rows(
        "SELECT actor_id, actor_role, on_behalf_of::text FROM journal WHERE ticket = %s AND act = %s",
        ticket,
        act,
    )
