"""Asking for help: what is refused and leaves nothing, what is kept, and what happens when nobody works."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from api.codes import ApiCode
from api.french_fields import MESSAGES
from api.french_refusals import SENTENCES
from domain.errors import Refusal
from domain.ids import ticket_number
from tests.api.frontend import Frontend, is_problem, open_frontend
from tests.api.rows import a_card
from tests.support.people import a_client, a_person, a_technician
from tests.support.postgres import Database
from tests.support.temporal import running_environment

HOLD = {"skill": "internet", "start": "2026-11-24T10:00:00+01:00", "minutes": 60}


def a_request(hold: str, **change: Any) -> dict[str, Any]:
    asked = {"description": "Plus de Wi-Fi depuis le changement de box.", "phone": "06 12 34 56 78"}
    return {"hold_id": hold, **asked, "express_request": True, **change}


async def a_client_with_a_hold(api: Frontend) -> tuple[str, str]:
    """Their card is saved, too."""
    client = a_client(api.database)
    a_card(api.database, client)
    answer = await api.post("/v1/holds", client, HOLD)
    assert answer.status_code == 201
    return client, answer.json()["id"]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"phone": "12"}, "phone", Refusal.INVALID_PHONE),
        ({"phone": "06 12 34 56"}, "phone", Refusal.INVALID_PHONE),
        ({"phone": "pas de téléphone"}, "phone", Refusal.INVALID_PHONE),
        ({"phone": "+33 8 99 70 12 34"}, "phone", Refusal.INVALID_PHONE),
        ({"ceiling_minutes": 50}, "ceiling_minutes", Refusal.INVALID_DURATION),
        ({"ceiling_minutes": 0}, "ceiling_minutes", Refusal.INVALID_DURATION),
        ({"ceiling_minutes": 255}, "ceiling_minutes", Refusal.INVALID_DURATION),
    ],
)
async def test_a_wrong_field_that_has_a_code_of_its_own(
    api: Frontend, change: dict[str, Any], field: str, code: Refusal
) -> None:
    a_technician(api.database)
    client, hold = await a_client_with_a_hold(api)
    answer = await api.unchanged(api.post("/v1/tickets", client, a_request(hold, **change)))
    errors = [{"field": field, "code": code.value, "detail": SENTENCES[code]}]
    assert is_problem(answer, code, errors=errors)


@pytest.mark.parametrize(
    ("change", "field", "code", "detail"),
    [
        ({"description": "Aide !"}, "description", "string_too_short", "Écrivez au moins 10 caractères."),
        ({"description": " " * 40}, "description", "string_too_short", "Écrivez au moins 10 caractères."),
        ({"description": "a" * 4001}, "description", "string_too_long", "Écrivez au plus 4000 caractères."),
        ({"description": "Wi-Fi\x00 en panne"}, "description", "control_characters", None),
        ({"description": "Wi-Fi\x1b[2J en panne"}, "description", "control_characters", None),
        ({"description": 4_000_000_000}, "description", "string_type", None),
        ({"hold_id": "the first"}, "hold_id", "not_an_id", None),
        ({"ceiling_minutes": "60"}, "ceiling_minutes", "int_type", None),
        ({"ceiling_minutes": True}, "ceiling_minutes", "int_type", None),
        ({"ceiling_minutes": 75}, "ceiling_minutes", "ceiling_over_hold", None),
        ({"deadlines": {}}, "deadlines", "extra_forbidden", None),
    ],
)
async def test_a_wrong_field(
    api: Frontend, change: dict[str, Any], field: str, code: str, detail: str | None
) -> None:
    a_technician(api.database)
    client, hold = await a_client_with_a_hold(api)
    answer = await api.unchanged(api.post("/v1/tickets", client, a_request(hold, **change)))
    errors = [{"field": field, "code": code, "detail": detail or MESSAGES[code]}]
    assert is_problem(answer, ApiCode.INVALID_INPUT, errors=errors)


async def test_half_a_character_is_no_text(api: Frontend) -> None:
    a_technician(api.database)
    client, hold = await a_client_with_a_hold(api)
    headers = api.signed_in(client) | {"Idempotency-Key": "k", "Content-Type": "application/json"}
    content = json.dumps(a_request(hold, description="Wi-Fi \ud800 en panne"))
    answer = await api.unchanged(api.http.post("/v1/tickets", content=content, headers=headers))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_a_ticket_needs_a_card(api: Frontend) -> None:
    a_technician(api.database)
    client = a_client(api.database)
    hold = (await api.post("/v1/holds", client, HOLD)).json()["id"]
    answer = await api.unchanged(api.post("/v1/tickets", client, a_request(hold)))
    assert is_problem(answer, Refusal.CARD_MISSING)


async def test_a_ticket_needs_a_hold_of_ones_own_that_has_not_expired(api: Frontend) -> None:
    a_technician(api.database)
    client, hold = await a_client_with_a_hold(api)
    other = a_client(api.database)
    a_card(api.database, other)
    for person, wanted in ((other, hold), (client, "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20")):
        answer = await api.unchanged(api.post("/v1/tickets", person, a_request(wanted)))
        assert is_problem(answer, Refusal.HOLD_EXPIRED)
    api.clock.advance(minutes=5)
    answer = await api.unchanged(api.post("/v1/tickets", client, a_request(hold)))
    assert is_problem(answer, Refusal.HOLD_EXPIRED)


async def test_a_ticket_needs_a_tariff_in_force(api: Frontend) -> None:
    a_technician(api.database)
    client, hold = await a_client_with_a_hold(api)
    # Nobody can take a tariff away: one whose day has not come stands in for none.
    api.database.execute("ALTER TABLE tariffs DISABLE TRIGGER append_only")
    api.database.execute("UPDATE tariffs SET effective_from = '2099-01-01 00:00 Europe/Paris'")
    answer = await api.unchanged(api.post("/v1/tickets", client, a_request(hold)))
    assert is_problem(answer, Refusal.NO_TARIFF)


async def test_a_service_within_14_days_needs_the_express_request(api: Frontend) -> None:
    a_technician(api.database)
    client, hold = await a_client_with_a_hold(api)
    for asked in (a_request(hold, express_request=False), a_request_without_hold(express_request=False)):
        answer = await api.unchanged(api.post("/v1/tickets", client, asked))
        assert is_problem(answer, ApiCode.EXPRESS_REQUEST_MISSING)
    text = (await api.get("/v1/express-request-text", client)).json()
    assert text["version"] == "2026-11"
    assert text["text"].startswith(
        "Je demande expressément que l’intervention commence avant la fin du délai"
    )
    far = {**HOLD, "start": "2026-12-09T10:00:00+01:00"}
    later = (await api.post("/v1/holds", client, far)).json()["id"]
    answer = await api.post("/v1/tickets", client, a_request(later, express_request=False))
    assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)
    [(body,)] = api.database.rows("SELECT body FROM submissions")
    assert (body["hold_id"], "express_request" in body) == (later, False)


def a_request_without_hold(**change: Any) -> dict[str, Any]:
    asked = a_request("") | {"skill": "internet", "minutes": 30}
    del asked["hold_id"]
    return asked | change


async def test_as_soon_as_possible_begins_on_the_grid_after_the_least_notice(api: Frontend) -> None:
    client = a_client(api.database)
    a_card(api.database, client)
    api.clock.advance(minutes=4)
    tomorrow = "2026-11-25T14:20:00+01:00"
    for key, change, start, end in (
        ("soon", {}, "2026-11-24T08:45:00+00:00", "2026-11-24T09:15:00+00:00"),
        ("late", {"not_before": tomorrow}, "2026-11-25T13:30:00+00:00", "2026-11-25T14:00:00+00:00"),
    ):
        asked = a_request_without_hold(**change)
        for _ in range(2):
            # What was kept the first time is what counts: a retry later on is for the same time.
            answer = await api.post("/v1/tickets", client, asked, key)
            assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)
            api.clock.advance(minutes=1)
        [(body,)] = api.database.rows(
            "SELECT s.body FROM submissions s JOIN requests r ON r.submission_id = s.id WHERE r.key = %s", key
        )
        assert (body["start"], body["end"], body["ceiling_minutes"]) == (start, end, "30")
        assert (body["skill"], body["express_request"], "hold_id" in body) == ("internet", "2026-11", False)
        api.clock.advance(minutes=-2)


@pytest.mark.parametrize(
    ("role", "change", "field", "code"),
    [
        ("client", {"skill": None}, "skill", "missing"),
        ("client", {"minutes": None}, "minutes", "missing"),
        ("client", {"ceiling_minutes": 30}, "ceiling_minutes", "not_together"),
        ("client", {"client_id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20"}, "client_id", "not_together"),
        ("back_office", {}, "client_id", "missing"),
    ],
)
async def test_what_does_not_go_together_in_a_request(
    api: Frontend, role: str, change: dict[str, Any], field: str, code: str
) -> None:
    person = a_person(api.database, role)
    answer = await api.unchanged(api.post("/v1/tickets", person, a_request_without_hold(**change)))
    errors = [{"field": field, "code": code, "detail": MESSAGES[code]}]
    assert is_problem(answer, ApiCode.INVALID_INPUT, errors=errors)


async def test_a_hold_goes_with_no_other_time_and_with_its_own_client(api: Frontend) -> None:
    a_technician(api.database)
    client, hold = await a_client_with_a_hold(api)
    back_office = a_person(api.database, "back_office")
    for person, change, field in (
        (client, {"skill": "internet"}, "skill"),
        (client, {"minutes": 60}, "minutes"),
        (client, {"not_before": HOLD["start"]}, "not_before"),
        (back_office, {"client_id": client}, "hold_id"),
    ):
        answer = await api.unchanged(api.post("/v1/tickets", person, a_request(hold, **change)))
        errors = [{"field": field, "code": "not_together", "detail": MESSAGES["not_together"]}]
        assert is_problem(answer, ApiCode.INVALID_INPUT, errors=errors)


async def test_the_back_office_asks_for_a_client_only(api: Frontend) -> None:
    back_office = a_person(api.database, "back_office")
    for nobody in (back_office, "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20"):
        asked = a_request_without_hold(client_id=nobody)
        answer = await api.unchanged(api.post("/v1/tickets", back_office, asked))
        assert is_problem(answer, ApiCode.UNKNOWN_CLIENT)
    # It is the client's card that counts.
    asked = a_request_without_hold(client_id=a_client(api.database))
    answer = await api.unchanged(api.post("/v1/tickets", back_office, asked))
    assert is_problem(answer, Refusal.CARD_MISSING)


async def test_as_soon_as_possible_is_no_further_than_slots_are_offered(api: Frontend) -> None:
    client = a_client(api.database)
    a_card(api.database, client)
    asked = a_request_without_hold(not_before="2026-12-24T09:00:00+01:00")
    answer = await api.unchanged(api.post("/v1/tickets", client, asked))
    assert is_problem(answer, Refusal.SLOT_NOT_OFFERED)


async def test_as_soon_as_possible_is_for_a_skill_that_exists(api: Frontend) -> None:
    client = a_client(api.database)
    a_card(api.database, client)
    answer = await api.unchanged(api.post("/v1/tickets", client, a_request_without_hold(skill="magic")))
    assert is_problem(answer, Refusal.UNKNOWN_SKILL)


async def test_without_temporal_the_request_is_kept_and_answered_503(api: Frontend) -> None:
    technician = a_technician(api.database)
    client, hold = await a_client_with_a_hold(api)
    answer = await api.post("/v1/tickets", client, a_request(hold.upper(), ceiling_minutes=45), key="mine")
    assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)
    assert answer.headers["retry-after"] == "2"
    [(ticket, submission)] = api.database.rows(
        "SELECT ticket, submission_id::text FROM requests WHERE key = 'mine' AND actor_id = %s", client
    )
    assert ticket == ticket_number(1)
    assert api.database.rows("SELECT id::text, author_id::text, kind, body FROM submissions") == [
        (
            submission,
            client,
            "request",
            {
                "description": "Plus de Wi-Fi depuis le changement de box.",
                "phone": "+33612345678",
                "skill": "internet",
                "hold_id": hold,
                "start": "2026-11-24T09:00:00+00:00",
                "end": "2026-11-24T10:00:00+00:00",
                "ceiling_minutes": "45",
                "express_request": "2026-11",
            },
        )
    ]
    ten_minutes = "SELECT hold_expires_at, technician_id::text FROM bookings"
    [(expiry, held)] = api.database.rows(ten_minutes)
    assert ((expiry - api.clock()).total_seconds(), held) == (600, technician)
    # Sent again, spelled otherwise, it is the same request; its hold is kept for longer.
    api.clock.advance(minutes=9)
    body = a_request(hold, phone="+33 6 12 34 56 78", ceiling_minutes=45)
    again = await api.unchanged(api.post("/v1/tickets", client, body, key="mine"))
    assert is_problem(again, ApiCode.TEMPORAL_UNAVAILABLE)
    [(expiry, _)] = api.database.rows(ten_minutes)
    assert (expiry - api.clock()).total_seconds() == 600


async def test_one_hold_is_for_one_ticket_however_many_are_asked_at_once(api: Frontend) -> None:
    a_technician(api.database)
    client, hold = await a_client_with_a_hold(api)
    answers = await asyncio.gather(
        *(api.post("/v1/tickets", client, a_request(hold), key=f"k{n}") for n in range(10))
    )
    codes = sorted(answer.json()["code"] for answer in answers)
    assert codes == ["hold_expired"] * 9 + ["temporal_unavailable"]
    assert api.database.rows("SELECT count(*) FROM submissions") == [(1,)]


async def test_a_hold_given_to_a_ticket_is_not_replaced(api: Frontend) -> None:
    """The ticket may not exist yet; another hold of the client must not take its slot away."""
    a_technician(api.database)
    client, hold = await a_client_with_a_hold(api)
    await api.post("/v1/tickets", client, a_request(hold))
    other = await api.post("/v1/holds", client, {**HOLD, "start": "2026-11-24T14:00:00+01:00"})
    assert other.status_code == 201
    kept = {row[0] for row in api.database.rows("SELECT id::text FROM bookings")}
    assert kept == {hold, other.json()["id"]}


@pytest.fixture
async def unmanned(database: Database) -> AsyncIterator[Frontend]:
    """Temporal is there, and no worker."""
    async with (
        running_environment() as environment,
        open_frontend(database, environment.client) as frontend,
    ):
        yield frontend


async def test_without_a_worker_each_command_is_answered_503_within_5_seconds(unmanned: Frontend) -> None:
    api = unmanned
    a_technician(api.database)
    client, hold = await a_client_with_a_hold(api)

    async def ask_twice(path: str, body: Any) -> None:
        for _ in range(2):
            begun = time.monotonic()
            answer = await api.post(path, client, body, key=f"the same for {path}")
            assert time.monotonic() - begun < 5
            assert is_problem(answer, ApiCode.NO_WORKER)
            assert answer.headers["retry-after"] == "2"

    await asyncio.gather(ask_twice("/v1/tickets", a_request(hold)), ask_twice("/v1/cards", None))
    assert api.database.rows("SELECT count(*) FROM submissions") == [(1,)]
    ready = await api.http.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "missing": ["worker"]})


async def test_a_temporal_that_comes_back_is_found_again(database: Database) -> None:
    environments: list[WorkflowEnvironment] = []

    async def connect() -> Client:
        if not environments:
            raise RuntimeError("connection refused")
        return environments[0].client

    async with open_frontend(database, connect) as api:
        away = await api.http.get("/readyz")
        assert (away.status_code, away.json()) == (503, {"ready": False, "missing": ["temporal", "worker"]})
        async with running_environment() as environment:
            environments.append(environment)
            back = await api.http.get("/readyz")
            assert (back.status_code, back.json()) == (200, {"ready": True, "missing": ["worker"]})
        begun = time.monotonic()
        client = a_client(database)
        assert is_problem(await api.post("/v1/cards", client), ApiCode.TEMPORAL_UNAVAILABLE)
        assert time.monotonic() - begun < 5


async def test_a_temporal_that_lets_everybody_wait_is_said_to_all_within_5_seconds(
    database: Database,
) -> None:
    async def connect() -> Client:
        await asyncio.sleep(60)
        raise RuntimeError("connection refused")

    async with open_frontend(database, connect) as api:
        clients = [a_client(database) for _ in range(20)]
        begun = time.monotonic()
        answers = await asyncio.gather(*(api.post("/v1/cards", client) for client in clients))
        assert time.monotonic() - begun < 5
        for answer in answers:
            assert is_problem(answer, ApiCode.TEMPORAL_UNAVAILABLE)
