"""What the back office does to tickets of its own accord, with the whole service behind."""

from datetime import timedelta
from typing import Any

import pytest

from api.codes import ApiCode
from api.french_fields import MESSAGES
from domain.errors import Refusal
from tests.api.frontend import Frontend, is_problem
from tests.api.reaching import (
    a_slot,
    done_once,
    journalled,
    open_ticket,
    reach_review,
    refused,
)
from tests.api.rows import a_ticket
from tests.api.service import Service
from tests.support.people import a_client, a_person, a_technician

REASON = "Le client demande quelqu’un d’autre."


async def test_a_ticket_is_given_to_another_technician(service: Service) -> None:
    ticket = await open_ticket(service)
    to_nobody = {"reason": REASON, "technician_id": service.client}
    answer = await service.api.unchanged(
        service.api.post(f"/v1/tickets/{ticket}/reassign", service.back_office, to_nobody)
    )
    assert is_problem(answer, ApiCode.UNKNOWN_TECHNICIAN)
    anybody = {"reason": REASON}
    await refused(service, ticket, "reassign", service.back_office, anybody, Refusal.TECHNICIAN_NOT_FREE)
    other = a_technician(service.database, "internet", name="Zoé Blanc")
    named = {"reason": REASON, "technician_id": other}
    given = await done_once(service, ticket, "reassign", service.back_office, named, anybody)
    assert given.json()["technician"] == {"id": other, "name": "Zoé Blanc"}
    assert journalled(service, ticket, "reassign") == [(service.back_office, "back_office", None)]
    gone = await service.api.get(f"/v1/tickets/{ticket}", service.technician)
    assert is_problem(gone, ApiCode.TICKET_NOT_FOUND)


async def test_a_suspended_ticket_is_taken_over_and_ruled_twice(service: Service) -> None:
    """First a free second session, which the client calls off; then less than was reported."""
    ticket = await reach_review(service)
    assert (await service.act(ticket, "dispute", {"reason": "Rien ne marche encore."})).status_code == 200
    taken = (await done_once(service, ticket, "take-over", service.back_office)).json()
    assert taken["taken_over"]["by"] == {"id": service.back_office, "name": "Sophie Roux"}
    assert (taken["next"]["who"]["code"], taken["next"]["command"]["code"]) == ("back_office", "ruling")

    path = f"/v1/tickets/{ticket}/ruling"
    rework: dict[str, Any] = {
        "kind": "rework",
        "reason": "Une seconde séance suffira.",
        "gains": [{"session": 1, "kind": "reduced", "minutes": 15}],
        "start": await a_slot(service, timedelta(days=1)),
    }
    without_gain = {**rework, "gains": []}
    await refused(service, ticket, "ruling", service.back_office, without_gain, Refusal.GAIN_RULINGS)
    stranger = {**rework, "technician_id": service.client}
    answer = await service.api.unchanged(service.api.post(path, service.back_office, stranger))
    assert is_problem(answer, ApiCode.UNKNOWN_TECHNICIAN)
    other = {**rework, "reason": "Une tout autre raison."}
    ruled = (await done_once(service, ticket, "ruling", service.back_office, rework, other)).json()
    assert (ruled["status"]["code"], ruled["start"]) == ("scheduled", rework["start"])
    assert ruled["taken_over"] is None

    # A free session is not to be withdrawn from: there is nothing to pay.
    assert "withdraw" not in (await service.view(ticket, service.client))["actions"]
    for asking in (
        service.api.get(f"/v1/tickets/{ticket}/withdrawal", service.client),
        service.act(ticket, "withdraw", {"statement_version": "2026-11"}),
    ):
        assert is_problem(await service.api.unchanged(asking), Refusal.WITHDRAWAL_OVER)
    assert (await service.act(ticket, "cancel")).json()["status"]["code"] == "suspended"

    too_much = {"kind": "reduce", "reason": "Moins que constaté.", "minutes": 60}
    most = {"most": 20}
    await refused(
        service, ticket, "ruling", service.back_office, too_much, Refusal.RULING_MINUTES, details=most
    )
    billed = await service.api.post(path, service.back_office, {**too_much, "minutes": 15})
    assert billed.status_code == 200
    assert billed.json()["invoice"]["total_ttc_cents"] == 1500
    reasons = [(one["kind"]["code"], one["minutes"], one["reason"]) for one in billed.json()["rulings"]]
    assert reasons == [
        ("rework", None, "Une seconde séance suffira."),
        ("reduce", 15, "Moins que constaté."),
    ]
    gain = [{"session": 1, "kind": {"code": "reduced", "label": "gain réduit"}, "minutes": 15}]
    client, technician = [
        await service.view(ticket, person) for person in (service.client, service.technician)
    ]
    assert [(one["minutes"], one["reason"]) for one in client["rulings"]] == [(None, None), (15, None)]
    assert (client["gain_rulings"], technician["rulings"], technician["gain_rulings"]) == (None, None, gain)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"kind": "refund"}, "kind", "enum"),
        ({"kind": "rework"}, "start", "missing"),
        ({"start": "2026-11-25T10:00:00+01:00"}, "start", "not_together"),
        ({"technician_id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20"}, "technician_id", "not_together"),
        ({"minutes": 0}, "minutes", "greater_than_equal"),
        ({"gains": [{"session": 4, "kind": "none"}]}, "gains.0.session", "less_than_equal"),
        ({"gains": [{"session": 1, "kind": "all"}]}, "gains.0.kind", "enum"),
        ({"gains": [{"session": 1, "kind": "none"}] * 4}, "gains", "too_long"),
        ({"gains": "none"}, "gains", "list_type"),
        ({"reason": "Non."}, "reason", "string_too_short"),
    ],
)
async def test_a_wrong_field_of_a_ruling(
    api: Frontend, change: dict[str, Any], field: str, code: str
) -> None:
    ticket = a_ticket(api.database, a_client(api.database), a_technician(api.database), status="suspended")
    ruling = {"kind": "waive", "reason": "Rien n’a été réparé.", **change}
    back_office = a_person(api.database, "back_office")
    answer = await api.unchanged(api.post(f"/v1/tickets/{ticket}/ruling", back_office, ruling))
    [error] = answer.json()["errors"]
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert (error["field"], error["code"]) == (field, code)
    assert error["detail"].split()[0] == MESSAGES[code].split()[0]
