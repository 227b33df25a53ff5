"""What each person sees of a ticket, and when."""

from datetime import timedelta
from typing import Any

import pytest

from api.codes import ApiCode
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.api.rows import (
    DESCRIPTION,
    PHONE,
    a_consent,
    a_gain,
    a_report,
    a_session,
    a_ticket,
    an_invoice,
    insert,
)
from tests.support.people import a_client, a_person, a_submission, a_technician

TEN = MORNING + timedelta(hours=1)


async def view(api: Frontend, ticket: str, person: str) -> dict[str, Any]:
    answer = await api.get(f"/v1/tickets/{ticket}", person)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


async def test_the_whole_ticket_as_its_client_sees_it(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician)
    assert await view(api, ticket, client) == {
        "number": ticket,
        "spoken_number": f"{ticket[:4]} {ticket[4:]}",
        "status": {"code": "scheduled", "label": "planifiée"},
        "outcome": None,
        "skill": {"code": "internet", "label": "Internet et Wi-Fi"},
        "start": "2026-11-24T10:00:00+01:00",
        "end": "2026-11-24T11:00:00+01:00",
        "ceiling_minutes": 60,
        "opened_at": "2026-11-23T09:00:00+01:00",
        "client": {"id": client, "name": "Claire Petit"},
        "technician": {"id": technician, "name": "Thomas Leroy"},
        "acknowledged_at": None,
        "called_at": None,
        "closed_at": None,
        "description": DESCRIPTION,
        "attachments": [],
        "phone": PHONE,
        "anydesk_id": None,
        "codes": {"technician_code": "4071", "client_code": "2958"},
        "consent": None,
        "sessions": [],
        "report": None,
        "review": None,
        "dispute": None,
        "prices": {
            "tariff": "2026-01",
            "slice_minutes": 15,
            "slice_price_ttc_cents": 1500,
            "slice_gain_ht_cents": None,
        },
        "invoice": None,
        "gain": None,
        "wrong_codes": None,
        "assignment": None,
        "actions": ["consent"],
    }


async def test_the_technician_sees_one_code_and_no_price(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician)
    seen = await view(api, ticket, technician)
    assert seen["codes"] == {"technician_code": "4071", "client_code": None}
    assert seen["prices"]["slice_price_ttc_cents"] is None
    assert seen["prices"]["slice_gain_ht_cents"] == 800
    assert (seen["description"], seen["wrong_codes"], seen["assignment"]) == (DESCRIPTION, None, None)
    assert seen["actions"] == ["acknowledge", "call", "start"]


async def test_the_team_sees_no_way_to_reach_the_client_and_no_code(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    other = a_technician(api.database, name="Zoé Blanc")
    reasons = {technician: "chosen", other: "not_free"}
    ticket = a_ticket(api.database, client, technician, assignment=reasons, wrong_codes=2)
    a_consent(api.database, ticket, client)
    api.clock.now = TEN
    seen = await view(api, ticket, a_person(api.database, "back_office"))
    assert (seen["phone"], seen["anydesk_id"], seen["codes"], seen["actions"]) == (None, None, None, [])
    assert (seen["description"], seen["wrong_codes"]) == (DESCRIPTION, 2)
    assert seen["assignment"] == sorted(
        [
            {
                "technician": {"id": technician, "name": "Thomas Leroy"},
                "reason": {"code": "chosen", "label": "choisi"},
            },
            {
                "technician": {"id": other, "name": "Zoé Blanc"},
                "reason": {"code": "not_free", "label": "n’est pas libre"},
            },
        ],
        key=lambda one: str(one["technician"]["id"]),
    )
    finance = await view(api, ticket, a_person(api.database, "finance"))
    assert (finance["description"], finance["phone"], finance["assignment"]) == (None, None, None)
    assert finance["prices"]["slice_price_ttc_cents"] == 1500


async def test_phone_and_anydesk_id_from_15_minutes_before_until_the_report(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician)
    a_consent(api.database, ticket, client)

    async def reach() -> tuple[str | None, str | None]:
        seen = await view(api, ticket, technician)
        return seen["phone"], seen["anydesk_id"]

    api.clock.now = TEN - timedelta(minutes=15, seconds=1)
    assert await reach() == (None, None)
    api.clock.now = TEN - timedelta(minutes=15)
    assert await reach() == (PHONE, "123456789")
    for status, seen in [
        ("in_session", (PHONE, "123456789")),
        ("to_report", (PHONE, "123456789")),
        ("in_review", (None, None)),
    ]:
        api.database.execute("UPDATE tickets SET status = %s WHERE number = %s", status, ticket)
        assert await reach() == seen
        assert (await view(api, ticket, client))["phone"] == PHONE


async def test_a_suspended_session_hides_the_phone_at_once(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, status="suspended")
    api.clock.now = TEN
    assert (await view(api, ticket, technician))["phone"] is None


async def test_codes_are_of_no_use_once_the_session_began(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, status="in_session")
    assert (await view(api, ticket, client))["codes"] is None
    assert (await view(api, ticket, technician))["codes"] is None


async def test_report_review_invoice_and_gain_once_it_is_over(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, status="invoiced")
    end = TEN + timedelta(minutes=24)
    a_session(api.database, ticket, technician, TEN, end)
    a_report(api.database, ticket, technician, end)
    comment = a_submission(api.database, client, "review", comment="Très patient.")
    insert(api.database, "reviews", ticket=ticket, stars=5, submission_id=comment, given_at=end)
    an_invoice(api.database, ticket, client, "F2026-000123", end)
    a_gain(api.database, ticket, technician, end)
    when = "2026-11-24T10:24:00+01:00"
    report = {
        "session": 1,
        "text": "Canal Wi-Fi changé.",
        "attachments": [],
        "declared_minutes": 25,
        "measured_minutes": 24,
        "billed_slices": 2,
        "credible": True,
        "filed_at": when,
    }
    sessions = [{"number": 1, "started_at": "2026-11-24T10:00:00+01:00", "ended_at": when}]
    review = {"stars": 5, "comment": "Très patient.", "given_at": when}
    invoice = {"number": "F2026-000123", "total_ttc_cents": 3000, "payment": None}
    gain = {"session": 1, "amount_cents": 1600, "accepted_at": when}
    for person, expected in {
        client: (sessions, report, review, invoice, None),
        technician: (sessions, report, review, None, gain),
        a_person(api.database, "back_office"): (sessions, report, review, invoice, gain),
        a_person(api.database, "finance"): (sessions, None, None, invoice, gain),
    }.items():
        seen = await view(api, ticket, person)
        names = ("sessions", "report", "review", "invoice", "gain")
        assert tuple(seen[name] for name in names) == expected


async def test_the_reason_of_a_dispute_is_for_the_client_and_the_back_office(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, status="suspended")
    reason = a_submission(api.database, client, "dispute", reason="Toujours en panne.")
    insert(api.database, "disputes", ticket=ticket, number=1, submission_id=reason, raised_at=TEN)
    dispute = {"reason": "Toujours en panne.", "attachments": [], "raised_at": "2026-11-24T10:00:00+01:00"}
    back_office, finance = a_person(api.database, "back_office"), a_person(api.database, "finance")
    for person, expected in {client: dispute, back_office: dispute, technician: None, finance: None}.items():
        assert (await view(api, ticket, person))["dispute"] == expected


async def test_erased_words_are_null(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician)
    api.database.execute("UPDATE submissions SET body = '{}'")
    seen = await view(api, ticket, client)
    assert (seen["description"], seen["phone"]) == (None, None)


@pytest.mark.parametrize(
    ("method", "path", "role", "body"),
    [
        ("GET", "", "client", None),
        ("GET", "", "technician", None),
        ("GET", "/invoice", "client", None),
        ("POST", "/acknowledge", "technician", None),
        ("POST", "/call", "technician", None),
        ("POST", "/end", "technician", None),
        ("POST", "/report", "technician", {"text": "Canal Wi-Fi changé.", "declared_minutes": 20}),
        ("POST", "/consent", "client", {"anydesk_id": "123456789", "text_version": "2026-11"}),
        ("POST", "/review", "client", {"stars": 5}),
        ("POST", "/dispute", "client", {"reason": "Toujours en panne."}),
    ],
)
async def test_somebody_elses_ticket_is_as_if_there_were_none(
    api: Frontend, method: str, path: str, role: str, body: Any
) -> None:
    ticket = a_ticket(api.database, a_client(api.database), a_technician(api.database))
    stranger = a_technician(api.database) if role == "technician" else a_client(api.database)
    for number in (ticket, "00000420", "12345678", "4829", "nothing"):
        url = f"/v1/tickets/{number}{path}"
        asking = api.get(url, stranger) if method == "GET" else api.post(url, stranger, body)
        assert is_problem(await api.unchanged(asking), ApiCode.TICKET_NOT_FOUND)


async def test_the_start_of_somebody_elses_session(api: Frontend) -> None:
    ticket = a_ticket(api.database, a_client(api.database), a_technician(api.database))
    body = {"ticket_number": ticket, "code": "2958"}
    answer = await api.unchanged(api.post(f"/v1/tickets/{ticket}/start", a_technician(api.database), body))
    assert is_problem(answer, ApiCode.TICKET_NOT_FOUND)
