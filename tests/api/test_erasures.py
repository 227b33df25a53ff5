"""Asking to be erased, and staying after all: by the person, or by the team for somebody who phoned."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from psycopg import errors

from api.codes import ApiCode
from domain.erasures import REFLECTION
from domain.errors import Refusal
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.api.rows import a_ticket, an_invoice, insert
from tests.api.service import Service
from tests.api.told import entries
from tests.support.people import a_client, a_person, a_technician

MINE = "/v1/me/erasure"
NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"


def theirs(person: str) -> str:
    return f"/v1/people/{person}/erasure"


async def test_a_client_leaves_and_stays_after_all(service: Service) -> None:
    api, client = service.api, service.client
    assert is_problem(await api.get(MINE, client), ApiCode.ERASURE_NOT_FOUND)
    assert is_problem(await api.post(f"{MINE}/withdrawal", client), ApiCode.ERASURE_NOT_FOUND)
    await service.save_card()
    hold = await service.a_hold()
    ticket = a_ticket(service.database, client, service.technician)

    now = api.clock()
    asked = await api.post(MINE, client, key="leave")
    assert asked.status_code == 201
    said: dict[str, Any] = asked.json()
    assert (said["step"]["code"], said["asked_by"]["code"]) == ("reflection", "person")
    assert datetime.fromisoformat(said["due_at"]) == now + REFLECTION
    assert said["outstanding"] == [
        {"what": {"code": "ticket", "label": "demande en cours"}, "reference": ticket}
    ]
    # The same request again, and another one: it is the same erasure.
    assert (await api.post(MINE, client, key="leave")).json() == said
    assert (await api.post(MINE, client)).json() == said
    assert service.database.rows("SELECT count(*) FROM erasures") == [(1,)]
    assert is_problem(await service.ask_for_help(hold), Refusal.ACCOUNT_LEAVING)

    stayed = await api.post(f"{MINE}/withdrawal", client, key="stay")
    assert stayed.status_code == 200
    assert stayed.json()["step"]["code"] == "withdrawn"
    assert (await api.post(f"{MINE}/withdrawal", client, key="stay")).json() == stayed.json()
    assert is_problem(await api.post(f"{MINE}/withdrawal", client), Refusal.ERASURE_OVER)
    # A late repetition of what was asked first does not ask anew; a new request does.
    assert (await api.post(MINE, client, key="leave")).json() == stayed.json()
    assert (await service.ask_for_help(hold)).status_code == 201
    assert (await api.post(MINE, client)).json()["step"]["code"] == "reflection"
    # Nor does a late repetition of the withdrawal withdraw the new one.
    late = await api.post(f"{MINE}/withdrawal", client, key="stay")
    assert is_problem(late, ApiCode.IDEMPOTENCY_KEY_REUSED)
    assert (await api.get(MINE, client)).json()["step"]["code"] == "reflection"
    assert entries(api) == []


async def test_the_team_asks_for_who_phoned_and_that_is_entered(service: Service) -> None:
    api, team, client = service.api, service.back_office, service.client
    assert is_problem(await api.get(theirs(client), team), ApiCode.ERASURE_NOT_FOUND)
    asked = await api.post(theirs(client), team, {"asked_by": "phone"})
    assert asked.status_code == 201
    assert asked.json()["asked_by"] == {"code": "phone", "label": "par téléphone"}
    assert (await api.get(theirs(client), team)).json() == asked.json()
    assert (await api.get(MINE, client)).json() == asked.json()
    withdrawn = await api.post(f"{theirs(client)}/withdrawal", team)
    assert withdrawn.json()["step"]["code"] == "withdrawn"
    assert entries(api) == [
        (team, "erasure_asked", client, None),
        (team, "erasure", client, None),
        (team, "erasure_withdrawn", client, None),
    ]


async def test_colleagues_and_nobody_are_not_erased(service: Service) -> None:
    api, team = service.api, service.back_office
    body = {"asked_by": "mail"}
    assert is_problem(await api.post(theirs(service.finance), team, body), Refusal.ERASURE_OF_STAFF)
    assert is_problem(await api.post(theirs(NOBODY), team, body), ApiCode.PERSON_NOT_FOUND)
    said = await api.post(theirs(service.client), team, {"asked_by": "person"})
    assert said.json()["code"] == ApiCode.INVALID_INPUT
    assert service.database.rows("SELECT count(*) FROM erasures") == [(0,)]


async def test_the_documents_of_who_has_left_are_in_the_archive(service: Service) -> None:
    api, database, client = service.api, service.database, service.client
    at = api.clock() - timedelta(days=40)
    ticket = a_ticket(database, client, service.technician, status="closed")
    an_invoice(database, ticket, client, "F2026-009001", at)
    path = f"/v1/tickets/{ticket}/invoice.pdf"
    assert is_problem(await api.get(path, service.finance), ApiCode.DOCUMENT_NOT_MADE)
    moments = {"asked_at": at, "due_at": at + REFLECTION, "erased_at": at + REFLECTION}
    insert(database, "erasures", person_id=client, key="left", asked_by="person", actor_id=client, **moments)
    assert is_problem(await api.get(path, service.finance), ApiCode.DOCUMENT_ARCHIVED)


async def test_a_technician_about_to_leave_is_offered_to_nobody(service: Service) -> None:
    api, database = service.api, service.database
    asked = {"skill": "printer", "minutes": 60}
    other = a_technician(database, "printer", name="Inès Robert")
    client = a_client(database, "Paul Henry")
    before = await api.get("/v1/slots", client, **asked)
    assert before.json()["slots"]
    assert (await api.post(MINE, other)).status_code == 201
    assert (await api.get("/v1/slots", client, **asked)).json()["slots"] == []


async def test_what_is_over_time_waits_for_what_is_not_settled(service: Service) -> None:
    api, client = service.api, service.client
    ticket = a_ticket(service.database, client, service.technician)
    assert (await api.post(MINE, client)).status_code == 201
    service.database.execute("UPDATE erasures SET due_at = due_at - interval '31 days'")
    said = (await api.get(theirs(client), service.back_office)).json()
    assert said["step"] == {"code": "waiting", "label": "en attente de ce qui reste à régler"}
    assert [one["reference"] for one in said["outstanding"]] == [ticket]


async def test_whoever_was_erased_is_not_brought_back(api: Frontend) -> None:
    team, technician = a_person(api.database, "back_office"), a_technician(api.database)
    insert(
        api.database,
        "erasures",
        person_id=technician,
        key="gone",
        asked_by="person",
        actor_id=technician,
        asked_at=MORNING - 2 * REFLECTION,
        due_at=MORNING - REFLECTION,
        erased_at=MORNING - REFLECTION,
    )
    api.database.execute(
        "UPDATE people SET mail = 'erased:' || id, name = 'X', active = false WHERE id = %s", technician
    )
    place = f"/v1/technicians/{technician}"
    bank = {"rail": "sepa", "iban": "FR1420041010050500013M02606"}
    for answer in (
        await api.post(f"{place}/reinstatement", team),
        await api.put(f"{place}/skills", team, {"skills": [{"skill": "internet", "level": 1}]}),
        await api.put(f"{place}/payee/bank", team, bank),
    ):
        assert is_problem(answer, ApiCode.TECHNICIAN_NOT_FOUND)
    with pytest.raises(errors.RestrictViolation):
        api.database.execute("UPDATE people SET active = true WHERE id = %s", technician)
