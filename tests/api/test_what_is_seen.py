"""What each person sees of a ticket, and when."""

from datetime import timedelta
from typing import Any

import pytest

from api.codes import ApiCode
from domain.errors import Refusal
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
        "disputes": [],
        "rulings": [],
        "gain_rulings": None,
        "taken_over": None,
        "incidents": None,
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
        "sequence": 0,
        "who_calls": {"technician": "Thomas Leroy", "start": "2026-11-24T10:00:00+01:00"},
        "next": {
            "who": {"code": "technician", "label": "technicien"},
            "command": {"code": "acknowledge", "label": "confirmer le rendez-vous"},
            "by": "2026-11-23T11:00:00+01:00",
            "otherwise": {
                "code": "next_technician",
                "label": "sans confirmation, la demande passe à un autre technicien",
            },
        },
        "actions": ["reschedule", "cancel", "withdraw", "consent"],
    }


async def test_the_technician_sees_one_code_and_no_price(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician)
    seen = await view(api, ticket, technician)
    assert seen["codes"] == {"technician_code": "4071", "client_code": None}
    assert seen["prices"]["slice_price_ttc_cents"] is None
    assert seen["prices"]["slice_gain_ht_cents"] == 800
    assert (seen["description"], seen["wrong_codes"], seen["assignment"]) == (DESCRIPTION, None, None)
    assert seen["actions"] == ["acknowledge", "decline", "call", "start", "absent", "incident"]


async def test_the_team_sees_no_way_to_reach_the_client_and_no_code(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    other = a_technician(api.database, name="Zoé Blanc")
    reasons = {technician: "chosen", other: "not_free"}
    ticket = a_ticket(api.database, client, technician, assignment=reasons, wrong_codes=2)
    a_consent(api.database, ticket, client)
    api.clock.now = TEN
    seen = await view(api, ticket, a_person(api.database, "back_office"))
    assert (seen["phone"], seen["anydesk_id"], seen["codes"], seen["who_calls"]) == (None,) * 4
    assert seen["actions"] == ["reschedule", "cancel", "withdraw", "consent", "reassign"]
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
    insert(api.database, "reviews", ticket=ticket, number=1, stars=5, submission_id=comment, given_at=end)
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
        "evidence": {"code": "stamps", "label": "début et fin enregistrés par le service"},
        "filed_at": when,
    }
    ended_by = {"code": "technician", "label": "terminée par le technicien"}
    sessions = [
        {"number": 1, "started_at": "2026-11-24T10:00:00+01:00", "ended_at": when, "ended_by": ended_by}
    ]
    review = {"stars": 5, "comment": "Très patient.", "given_at": when}
    invoice = {
        "number": "F2026-000123",
        "total_ttc_cents": 3000,
        "payment": None,
        "document": None,
        "credit_notes": [],
    }
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


async def test_every_dispute_and_ruling_with_what_each_may_know(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    back_office, finance = a_person(api.database, "back_office"), a_person(api.database, "finance")
    first = a_technician(api.database, name="Zoé Blanc")
    taken: dict[str, Any] = {"taken_over_by": back_office, "taken_over_at": TEN}
    ticket = a_ticket(api.database, client, technician, status="suspended", **taken)
    a_session(api.database, ticket, first, TEN, TEN)
    words = {}
    for number, reason in ((1, "Toujours en panne."), (2, "Encore en panne.")):
        words[number] = a_submission(api.database, client, "dispute", reason=reason)
        insert(
            api.database,
            "disputes",
            ticket=ticket,
            number=number,
            submission_id=words[number],
            raised_at=TEN,
        )
    why = a_submission(api.database, back_office, "ruling", reason="Une seconde séance.")
    columns = {"kind": "rework", "submission_id": why, "ruled_by": back_office, "ruled_at": TEN}
    insert(api.database, "rulings", ticket=ticket, number=1, **columns)
    insert(api.database, "gain_rulings", ticket=ticket, session=1, ruling=1, kind="none")
    ruling = {
        "kind": {"code": "rework", "label": "nouvelle séance gratuite"},
        "minutes": None,
        "reason": None,
        "ruled_at": "2026-11-24T10:00:00+01:00",
    }
    gain = [{"session": 1, "kind": {"code": "none", "label": "aucun gain"}, "minutes": None}]
    by = {"id": back_office, "name": "Camille Martin"}
    names = ("rulings", "gain_rulings", "taken_over")
    for person, expected in {
        client: ([ruling], None, None),
        technician: (None, [], None),
        back_office: (
            [{**ruling, "reason": "Une seconde séance."}],
            gain,
            {"by": by, "at": "2026-11-24T10:00:00+01:00"},
        ),
        finance: (None, None, None),
    }.items():
        seen = await view(api, ticket, person)
        assert tuple(seen[name] for name in names) == expected
    disputes = (await view(api, ticket, client))["disputes"]
    assert [one["reason"] for one in disputes] == ["Toujours en panne.", "Encore en panne."]
    assert (await view(api, ticket, technician))["disputes"] is None
    # The one who held that session sees what it earns, should the ticket come back to them.
    api.database.execute("UPDATE tickets SET technician_id = %s WHERE number = %s", first, ticket)
    assert (await view(api, ticket, first))["gain_rulings"] == gain


async def test_incidents_are_for_the_back_office_and_for_who_reported_them(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    other = a_technician(api.database, name="Zoé Blanc")
    ticket = a_ticket(api.database, client, technician)
    for key, who in (("a", other), ("b", technician)):
        text = a_submission(api.database, who, "incident", text=f"Pas de connexion ({key}).")
        insert(
            api.database,
            "journal",
            ticket=ticket,
            key=key,
            at=TEN,
            actor_id=who,
            actor_role="technician",
            act="incident",
            before="scheduled",
            after="scheduled",
            details={"submission": text},
        )
    own = {"text": "Pas de connexion (b).", "by": "Thomas Leroy", "reported_at": "2026-11-24T10:00:00+01:00"}
    another = {**own, "text": "Pas de connexion (a).", "by": "Zoé Blanc"}
    back_office, finance = a_person(api.database, "back_office"), a_person(api.database, "finance")
    for person, expected in {
        back_office: [another, own],
        technician: [own],
        client: None,
        finance: None,
    }.items():
        assert (await view(api, ticket, person))["incidents"] == expected


async def test_a_consent_is_to_the_present_appointment_only(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, sequence=1, acknowledged_at=MORNING)
    a_consent(api.database, ticket, client)
    api.clock.now = TEN - timedelta(minutes=5)
    seen = await view(api, ticket, technician)
    assert (seen["consent"], seen["anydesk_id"]) == (None, None)
    assert seen["next"]["command"]["code"] == "consent"
    start = {"ticket_number": ticket, "code": "2958"}
    answer = await api.unchanged(api.post(f"/v1/tickets/{ticket}/start", technician, start))
    assert is_problem(answer, Refusal.CONSENT_MISSING)
    a_consent(api.database, ticket, client, sequence=1)
    assert (await view(api, ticket, technician))["anydesk_id"] == "123456789"


async def test_a_technician_who_lost_the_ticket_sees_nothing_of_it_in_the_window_either(
    api: Frontend,
) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician)
    a_consent(api.database, ticket, client)
    api.clock.now = TEN
    assert (await view(api, ticket, technician))["phone"] == PHONE
    other = a_technician(api.database, name="Zoé Blanc")
    api.database.execute(
        "UPDATE tickets SET technician_id = %s, sequence = 1 WHERE number = %s", other, ticket
    )
    for path in ("", "/appointment.ics"):
        answer = await api.get(f"/v1/tickets/{ticket}{path}", technician)
        assert is_problem(answer, ApiCode.TICKET_NOT_FOUND)
    seen = await view(api, ticket, other)
    assert (seen["phone"], seen["anydesk_id"]) == (PHONE, None)


async def test_a_technician_sees_no_gain_but_their_own(api: Frontend) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    first = a_technician(api.database, name="Zoé Blanc")
    ticket = a_ticket(api.database, client, technician, status="invoiced")
    a_gain(api.database, ticket, first, TEN)
    assert (await view(api, ticket, technician))["gain"] is None
    assert (await view(api, ticket, a_person(api.database, "finance")))["gain"]["amount_cents"] == 1600


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
        ("GET", "/withdrawal", "client", None),
        ("GET", "/appointment.ics", "client", None),
        ("GET", "/appointment.ics", "technician", None),
        ("POST", "/reschedule", "client", {"start": "2026-11-25T10:00:00+01:00"}),
        ("POST", "/cancel", "client", None),
        ("POST", "/withdraw", "client", {"statement_version": "2026-11"}),
        ("POST", "/extend", "client", {"ceiling_minutes": 90}),
        ("POST", "/stop", "client", None),
        ("POST", "/decline", "technician", None),
        ("POST", "/absent", "technician", None),
        ("POST", "/incident", "technician", {"text": "Le client n’a plus de connexion."}),
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
