"""Lists, agendas, journals and the queue, read from rows as the worker leaves them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from api.codes import ApiCode
from api.french_fields import MESSAGES
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.api.rows import a_card, a_session, a_ticket, insert
from tests.support.people import a_client, a_person, a_technician

TEN = MORNING + timedelta(hours=1)


async def numbers(api: Frontend, person: str) -> list[str]:
    """All the tickets that the person may list, two a page."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await api.get("/v1/tickets", person, **query)).json()
        assert len(page["tickets"]) <= 2
        found += [ticket["number"] for ticket in page["tickets"]]
        cursor = page["next"]
        if cursor is None:
            return found


async def test_each_lists_the_tickets_they_may_see_newest_first(api: Frontend) -> None:
    claire, paul = a_client(api.database), a_client(api.database, "Paul Durand")
    thomas, zoe = a_technician(api.database), a_technician(api.database, name="Zoé Blanc")
    opened = [MORNING - timedelta(hours=hours) for hours in (3, 3, 3, 2, 1)]
    people = [(claire, thomas), (claire, zoe), (paul, thomas), (claire, thomas), (paul, None)]
    first, second, third, fourth, fifth = (
        a_ticket(api.database, client, technician, opened_at=at, status=status)
        for (client, technician), at, status in zip(
            people, opened, ["scheduled"] * 4 + ["to_assign"], strict=True
        )
    )
    together = sorted([first, second, third], reverse=True)
    assert await numbers(api, a_person(api.database, "back_office")) == [fifth, fourth, *together]
    assert await numbers(api, a_person(api.database, "finance")) == [fifth, fourth, *together]
    assert await numbers(api, claire) == [fourth, *(one for one in together if one != third)]
    assert await numbers(api, paul) == [fifth, third]
    assert await numbers(api, thomas) == [fourth, *(one for one in together if one != second)]
    assert await numbers(api, zoe) == [second]
    assert await numbers(api, a_client(api.database)) == []


@pytest.mark.parametrize("cursor", ["x", "é", "MjAyNg==", "MjAyNi0xMS0yNCAwMDAwMDAwMA==", "A" * 200])
async def test_a_cursor_that_is_not_ours(api: Frontend, cursor: str) -> None:
    for path, role in (("/v1/tickets", "client"), ("/v1/queue", "back_office")):
        answer = await api.get(path, a_person(api.database, role), cursor=cursor)
        errors = [{"field": "cursor", "code": "not_a_cursor", "detail": MESSAGES["not_a_cursor"]}]
        assert is_problem(answer, ApiCode.INVALID_INPUT, errors=errors)


async def test_who_i_am(api: Frontend) -> None:
    technician = a_technician(api.database, "printer", "internet")
    assert (await api.get("/v1/me", technician)).json() == {
        "id": technician,
        "role": {"code": "technician", "label": "technicien"},
        "name": "Thomas Leroy",
        "mail": "technician0@example.fr",
        "skills": ["internet", "printer"],
    }


async def test_my_card(api: Frontend) -> None:
    client = a_client(api.database)
    assert (await api.get("/v1/cards", client)).json() == {"card": None}
    insert(api.database, "cards", client_id=client, customer_reference="cus_1")
    assert (await api.get("/v1/cards", client)).json() == {"card": None}
    api.database.execute("DELETE FROM cards")
    a_card(api.database, client)
    card = {"label": "Visa •••• 4242", "saved_at": "2026-11-22T09:00:00+01:00"}
    assert (await api.get("/v1/cards", client)).json() == {"card": card}


async def test_my_agenda_in_order_of_time(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    starts = [TEN + timedelta(days=days) for days in (2, 0, 6, 7, -1)]
    later, today, last, _, _ = (a_ticket(api.database, client, technician, start=at) for at in starts)
    a_ticket(api.database, client, a_technician(api.database))
    agenda = (await api.get("/v1/me/agenda", technician)).json()["appointments"]
    assert [one["number"] for one in agenda] == [today, later, last]
    query = {"from": (TEN + timedelta(days=1)).isoformat(), "days": 2}
    agenda = (await api.get("/v1/me/agenda", technician, **query)).json()["appointments"]
    assert [one["number"] for one in agenda] == [later]


async def test_the_journal_of_a_ticket(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, status="in_session")
    acts = [
        (client, "client", "book", "requested", "scheduled", {"tariff": "2026-01"}),
        (technician, "technician", "start", "scheduled", "in_session", {"session": 1}),
        ("system", "system", "alarm", "in_session", "in_session", {}),
    ]
    for number, (actor, role, act, before, after, details) in enumerate(acts):
        insert(
            api.database,
            "journal",
            ticket=ticket,
            key=f"k{number}",
            at=TEN,
            actor_id=actor,
            actor_role=role,
            act=act,
            before=before,
            after=after,
            details=details,
        )
    journal = (await api.get(f"/v1/tickets/{ticket}/journal", a_person(api.database, "back_office"))).json()
    seen = [
        (one["actor"], one["act"], one["before"]["code"], one["after"]["label"], one["details"])
        for one in journal["entries"]
    ]
    assert journal["ticket"] == ticket
    assert seen == [
        ({"id": client, "name": "Claire Petit"}, "book", "requested", "planifiée", {"tariff": "2026-01"}),
        ({"id": technician, "name": "Thomas Leroy"}, "start", "scheduled", "séance en cours", {"session": 1}),
        ({"id": "system", "name": "OmeaSupport"}, "alarm", "in_session", "séance en cours", {}),
    ]


async def test_the_queue_says_what_waits_and_why(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    now = api.clock.now = MORNING + timedelta(days=2)
    hour = timedelta(hours=1)

    def ticket(status: str, start: datetime, **more: Any) -> str:
        return a_ticket(api.database, client, technician, status=status, start=start, **more)

    def session(number: str, start: datetime, end: datetime | None) -> str:
        a_session(api.database, number, technician, start, end)
        return number

    expected = {
        ticket("suspended", now - 30 * hour): "suspended",
        ticket("unpaid", now - 29 * hour): "unpaid",
        session(ticket("to_report", now - 28 * hour), now - 28 * hour, now - 25 * hour): "report_overdue",
        ticket("to_assign", now - 27 * hour): "to_assign",
        session(ticket("in_session", now - 5 * hour), now - 4 * hour, None): "long_session",
        ticket("scheduled", now - hour, called_at=now): "not_started",
        ticket("scheduled", now - timedelta(minutes=10)): "no_call",
        ticket("scheduled", now + hour, wrong_codes=3): "wrong_codes",
    }
    session(ticket("to_report", now - 4 * hour), now - 4 * hour, now - 3 * hour)
    session(ticket("in_session", now - 2 * hour), now - 2 * hour, None)
    ticket("scheduled", now - timedelta(minutes=30), called_at=now)
    ticket("scheduled", now - timedelta(minutes=9))
    ticket("scheduled", now + hour)
    for status in ("in_review", "invoiced", "closed"):
        ticket(status, now - 40 * hour)
    back_office = a_person(api.database, "back_office")
    seen: dict[str, str] = {}
    cursor: str | None = None
    while True:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await api.get("/v1/queue", back_office, **query)).json()
        seen |= {one["ticket"]["number"]: one["reason"]["code"] for one in page["waiting"]}
        cursor = page["next"]
        if cursor is None:
            break
    assert list(seen.items()) == list(expected.items())
