"""The export of one's own data: all of it, and nothing of anybody else's."""

import asyncio
import io
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import event

from api.codes import ApiCode
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.api.rows import a_consent, a_report, a_session, a_ticket, an_invoice
from tests.support.people import a_client, a_person, a_sign_in, a_submission
from tests.support.postgres import Database
from tests.support.worlds import World, a_world

NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b99"


@pytest.fixture
def world(database: Database) -> World:
    return a_world(database)


async def exported(api: Frontend, person: str) -> str:
    answer = await api.get("/v1/me/export.json", person)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_each_has_all_of_their_own_and_nothing_of_anybody_else(api: Frontend, world: World) -> None:
    for person in world.people:
        text = await exported(api, person)
        theirs = world.values_of(person)
        assert {value for value in theirs if value not in text} == set()
        assert {value for value in world.all_values - theirs if value in text} == set()


async def test_the_pages_have_the_same(api: Frontend, world: World, database: Database) -> None:
    database.execute("INSERT INTO working_hours VALUES (%s, 1, '09:00', '12:30')", world.tom)
    for person in (world.ada, world.tom):
        answer = await api.get("/v1/me/export.pdf", person)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        text = text_of(answer.content)
        theirs = world.values_of(person)
        assert {value for value in theirs if value not in text} == set()
        assert {value for value in world.all_values - theirs if value in text} == set()
        assert ("Début 9 h Fin 12 h 30" in text) == (person == world.tom)


async def test_the_back_office_gets_what_the_person_would_and_leaves_an_entry(
    api: Frontend, world: World
) -> None:
    colleague = a_person(api.database, "back_office", "Bruno Bernard")
    answer = await api.get(f"/v1/people/{world.ada}/export.json", colleague)
    own = json.loads(await exported(api, world.ada))
    # Asking for it oneself is another sign-in, and comes after the colleague's.
    mine, own["accesses"] = own["accesses"], []
    own["sign_ins"] = [one for one in own["sign_ins"] if one["device"]]
    assert answer.json() == own
    assert mine == [
        {
            "at": "2026-11-24T09:00:00+01:00",
            "kind": {"code": "personal_data", "label": "données d’une personne exportées"},
            "role": {"code": "back_office", "label": "équipe Omea"},
        }
    ]
    as_pages = await api.get(f"/v1/people/{world.ada}/export.pdf", colleague)
    assert as_pages.content.startswith(b"%PDF-1.7")
    is_problem(await api.get(f"/v1/people/{NOBODY}/export.json", colleague), ApiCode.PERSON_NOT_FOUND)
    is_problem(await api.get(f"/v1/people/{NOBODY}/export.pdf", colleague), ApiCode.PERSON_NOT_FOUND)


async def test_a_closed_account_is_exported_too(api: Frontend, world: World) -> None:
    api.database.execute("UPDATE people SET active = false WHERE id = %s", world.ada)
    colleague = a_person(api.database, "back_office")
    answer = await api.get(f"/v1/people/{world.ada}/export.json", colleague)
    assert answer.json()["account"]["active"] is False


async def test_a_colleague_has_little_and_no_text_about_others(api: Frontend, world: World) -> None:
    colleague = a_person(api.database, "back_office", "Bruno Bernard")
    a_submission(api.database, colleague, "ruling", reason="Claire n’y est pour rien.")
    data = json.loads(await exported(api, colleague))
    assert [(one["kind"]["code"], one["body"]) for one in data["writings"]] == [("ruling", None)]
    assert data["tickets"] == []
    assert (await api.get("/v1/me/export.pdf", colleague)).status_code == 200


async def test_what_a_technician_sees_for_an_hour_is_not_in_their_file(api: Frontend, world: World) -> None:
    data = json.loads(await exported(api, world.tom))
    assert data["tickets"]
    for hidden in ("phone", "anydesk_id", "codes"):
        assert {one[hidden] for one in data["tickets"]} == {None}


async def test_nobody_else_may_keep_it(api: Frontend, world: World) -> None:
    for ending in ("json", "pdf"):
        answer = await api.get(f"/v1/me/export.{ending}", world.ada)
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-disposition"] == f'attachment; filename="mes-donnees.{ending}"'


async def test_hundreds_of_tickets_take_no_more_queries_and_do_not_stop_the_others(api: Frontend) -> None:
    small, large = a_client(api.database), a_client(api.database, "Zoé Blanc")
    technician = a_person(api.database, "technician")
    api.database.execute("INSERT INTO technicians (id) VALUES (%s)", technician)
    used_by(api, small, technician, 1)
    used_by(api, large, technician, 1)
    copied(api.database, large, 300)
    assert await queries(api, small) == await queries(api, large)

    longest = 0.0

    async def heart() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)

    beating = asyncio.create_task(heart())
    answer = await api.get("/v1/me/export.pdf", large)
    beating.cancel()
    assert len(PdfReader(io.BytesIO(answer.content)).pages) > 50
    assert longest < 2


def used_by(api: Frontend, client: str, technician: str, count: int) -> None:
    for _ in range(count):
        start = MORNING - timedelta(days=3)
        ticket = a_ticket(api.database, client, technician, status="closed", start=start)
        a_consent(api.database, ticket, client, start)
        a_session(api.database, ticket, technician, start, start + timedelta(minutes=24))
        a_report(api.database, ticket, technician, start + timedelta(hours=1))
        an_invoice(api.database, ticket, client, f"F{ticket}", start + timedelta(hours=2))


def copied(database: Database, client: str, count: int) -> None:
    """So many tickets more, like the client's only one."""
    database.execute(
        "INSERT INTO tickets (number, client_id, technician_id, skill, status, outcome, appointment_start, "
        "appointment_end, ceiling_minutes, tariff_version, request_id, opened_at, closed_at) "
        "SELECT lpad((90000000 + n)::text, 8, '0'), client_id, technician_id, skill, status, outcome, "
        "appointment_start, appointment_end, ceiling_minutes, tariff_version, request_id, opened_at, "
        "closed_at FROM tickets, generate_series(1, %s) n WHERE client_id = %s",
        *(count, client),
    )


async def queries(api: Frontend, person: str) -> int:
    asked = 0

    def count(*_: Any) -> None:
        nonlocal asked
        asked += 1

    a_sign_in(api.database, person, api.clock())
    engine = api.given.sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        await exported(api, person)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return asked


def text_of(pdf: bytes) -> str:
    """As a reader copies it, in one line."""
    pages = (found.extract_text() for found in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(" ".join(pages).split())
