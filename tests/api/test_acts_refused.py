"""Acts that are wrong or come at the wrong moment: the right code, a French sentence, and no trace."""

from datetime import timedelta
from typing import Any

import pytest

from api.codes import ApiCode
from api.french_refusals import SENTENCES
from domain.errors import Refusal
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.api.rows import a_consent, a_ticket
from tests.support.people import a_client, a_person, a_technician

GOOD: dict[str, dict[str, Any] | None] = {
    "acknowledge": None,
    "decline": {"reason": "Je suis en congé ce jour-là."},
    "call": None,
    "end": None,
    "absent": None,
    "incident": {"text": "Le client n’a pas de connexion."},
    "reschedule": {"start": "2026-11-25T10:00:00+01:00"},
    "cancel": None,
    "withdraw": {"statement_version": "2026-11"},
    "extend": {"ceiling_minutes": 90},
    "stop": None,
    "reassign": {"reason": "Le client demande quelqu’un d’autre."},
    "take-over": None,
    "ruling": {"kind": "waive", "reason": "Rien n’a été réparé.", "gains": []},
    "consent": {"anydesk_id": "123 456 789", "text_version": "2026-11"},
    "report": {"text": "Canal Wi-Fi changé, tout est rétabli.", "declared_minutes": 25},
    "review": {"stars": 5, "comment": "Très patient."},
    "dispute": {"reason": "Rien ne marche toujours."},
}
CLIENTS = {"reschedule", "cancel", "withdraw", "consent", "extend", "stop", "review", "dispute"}
BACK_OFFICE = {"reassign", "take-over", "ruling"}
CHANGES = {"reschedule", "cancel", "withdraw", "reassign"}
STATUSES = {
    "to_assign": CHANGES,
    "scheduled": CHANGES | {"acknowledge", "decline", "call", "consent", "start", "absent", "incident"},
    "in_session": {"end", "stop", "extend", "withdraw", "dispute", "incident"},
    "to_report": {"report", "review", "dispute", "incident"},
    "in_review": {"review", "dispute", "incident"},
    "suspended": {"review", "dispute", "take-over", "ruling", "incident"},
    "invoiced": {"dispute", "incident"},
    "unpaid": {"dispute", "incident"},
}


async def act(api: Frontend, command: str, status: str, body: Any) -> Any:
    """The answer to the command on a ticket in that status, by the one whose command it is."""
    client, technician = a_client(api.database), a_technician(api.database)
    ticket = a_ticket(api.database, client, technician, status=status)
    a_consent(api.database, ticket, client)
    if command == "start":
        body = {"ticket_number": ticket, "code": "2958"} | (body or {})
    person = client if command in CLIENTS else technician
    if command in BACK_OFFICE:
        person = a_person(api.database, "back_office")
    return await api.unchanged(api.post(f"/v1/tickets/{ticket}/{command}", person, body))


@pytest.mark.parametrize("command", [*GOOD, "start"])
async def test_an_act_out_of_its_time_is_refused_and_leaves_nothing(api: Frontend, command: str) -> None:
    body = GOOD.get(command)
    for status, legal in STATUSES.items():
        if command in legal:
            continue
        answer = await act(api, command, status, body)
        details = {"command": command.replace("-", "_"), "status": status}
        assert is_problem(answer, Refusal.NOT_ALLOWED_IN_STATUS, details=details)
    answer = await act(api, command, "closed", body)
    assert is_problem(answer, Refusal.TICKET_CLOSED, details={"command": command.replace("-", "_")})


@pytest.mark.parametrize(
    ("command", "change", "field", "code", "detail"),
    [
        ("consent", {"anydesk_id": "12345678"}, "anydesk_id", "invalid_anydesk_id", None),
        ("consent", {"anydesk_id": "12345678901"}, "anydesk_id", "invalid_anydesk_id", None),
        ("consent", {"anydesk_id": "claire@ad"}, "anydesk_id", "invalid_anydesk_id", None),
        ("consent", {"anydesk_id": "١٢٣٤٥٦٧٨٩"}, "anydesk_id", "invalid_anydesk_id", None),
        ("report", {"text": "Fait."}, "text", "string_too_short", "Écrivez au moins 10 caractères."),
        ("report", {"text": "a" * 4001}, "text", "string_too_long", "Écrivez au plus 4000 caractères."),
        ("report", {"declared_minutes": 0}, "declared_minutes", "greater_than_equal", None),
        ("report", {"declared_minutes": 1441}, "declared_minutes", "less_than_equal", None),
        ("report", {"declared_minutes": 2.5}, "declared_minutes", "int_type", None),
        ("review", {"stars": 0}, "stars", "greater_than_equal", "La plus petite valeur possible est 1."),
        ("review", {"stars": 6}, "stars", "less_than_equal", "La plus grande valeur possible est 5."),
        ("review", {"comment": "a" * 2001}, "comment", "string_too_long", "Écrivez au plus 2000 caractères."),
        ("dispute", {"reason": "Non."}, "reason", "string_too_short", "Écrivez au moins 10 caractères."),
        ("dispute", {"reason": None}, "reason", "string_type", None),
        ("start", {"code": "12"}, "code", "string_pattern_mismatch", None),
        ("start", {"code": 2958}, "code", "string_type", None),
    ],
)
async def test_a_wrong_field_of_an_act(
    api: Frontend, command: str, change: dict[str, Any], field: str, code: str, detail: str | None
) -> None:
    status = {"report": "to_report", "review": "in_review", "dispute": "in_review"}.get(command, "scheduled")
    answer = await act(api, command, status, (GOOD.get(command) or {}) | change)
    body = answer.json()
    expected = SENTENCES[Refusal(code)] if code in set(Refusal) else detail
    [error] = body["errors"]
    assert (answer.status_code, error["field"], error["code"]) == (422, field, code)
    assert body["code"] == (code if code in set(Refusal) else "invalid_input")
    if expected is not None:
        assert error["detail"] == expected
    assert "{" not in error["detail"]


async def test_consent_is_to_the_text_in_force(api: Frontend) -> None:
    body = {"anydesk_id": "123456789", "text_version": "2025-01"}
    answer = await act(api, "consent", "scheduled", body)
    assert is_problem(answer, ApiCode.CONSENT_TEXT_OUTDATED, current="2026-11")
    text = (await api.get("/v1/consent-text", a_client(api.database))).json()
    assert text["version"] == "2026-11"
    assert text["text"].startswith("J’autorise le technicien OmeaSupport")


@pytest.mark.parametrize("spoken", ["00000420", "1234 5678", "deux mille", ""])
async def test_a_start_with_another_number_is_refused(api: Frontend, spoken: str) -> None:
    answer = await act(api, "start", "scheduled", {"ticket_number": spoken})
    assert is_problem(answer, ApiCode.TICKET_NUMBER_MISMATCH)


async def test_a_start_without_consent_is_refused(api: Frontend) -> None:
    technician = a_technician(api.database)
    ticket = a_ticket(api.database, a_client(api.database), technician)
    api.clock.now = MORNING + timedelta(hours=1)
    body = {"ticket_number": f"{ticket[:4]} {ticket[4:]}", "code": "2958"}
    answer = await api.unchanged(api.post(f"/v1/tickets/{ticket}/start", technician, body))
    assert is_problem(answer, Refusal.CONSENT_MISSING)


async def test_without_temporal_an_act_is_kept_and_may_be_sent_again(api: Frontend) -> None:
    technician = a_technician(api.database)
    ticket = a_ticket(api.database, a_client(api.database), technician, status="to_report")
    path = f"/v1/tickets/{ticket}/report"
    for _ in range(2):
        answer = await api.post(path, technician, GOOD["report"], key="mine")
        assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)
    [(command, submission)] = api.database.rows("SELECT command, submission_id::text FROM requests")
    assert command == f"report {ticket}"
    assert api.database.rows("SELECT body FROM submissions WHERE id = %s", submission) == [
        ({"text": "Canal Wi-Fi changé, tout est rétabli."},)
    ]
    assert api.database.rows("SELECT count(*) FROM submissions WHERE kind = 'report'") == [(1,)]
    other = {"text": "Autre compte rendu, plus long.", "declared_minutes": 25}
    answer = await api.unchanged(api.post(path, technician, other, key="mine"))
    assert is_problem(answer, ApiCode.IDEMPOTENCY_KEY_REUSED)
