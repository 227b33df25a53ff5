"""A command names itself with a key, and a key names one command only."""

import pytest

from api.codes import ApiCode
from domain.errors import Refusal
from domain.tickets import COMMAND_ROLES, Command, Role
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.support.people import a_client, a_person, a_technician

HOLD = {"skill": "internet", "start": "2026-11-24T10:00:00+01:00", "minutes": 60}
COMMANDS = [
    "/v1/holds",
    "/v1/cards",
    "/v1/attachments",
    "/v1/tickets",
    *(f"/v1/tickets/00000420/{command.value.replace('_', '-')}" for command in Command),
    "/v1/reviews/a-token",
]


@pytest.mark.parametrize("path", COMMANDS)
async def test_every_command_needs_a_key(api: Frontend, path: str) -> None:
    named = {f"/v1/tickets/00000420/{command.value.replace('_', '-')}": command for command in Command}
    roles = COMMAND_ROLES[named[path]] if path in named else {Role.CLIENT}
    headers = api.signed_in(a_person(api.database, min(roles)))
    answer = await api.unchanged(api.http.post(path, json={}, headers=headers))
    assert is_problem(answer, ApiCode.IDEMPOTENCY_KEY_MISSING)
    answer = await api.http.post(path, json={}, headers={**headers, "Idempotency-Key": ""})
    assert is_problem(answer, ApiCode.IDEMPOTENCY_KEY_MISSING)


@pytest.mark.parametrize("key", [b"k" * 256, "clé".encode(), b"tab\there", b"a\x7f"])
async def test_a_key_is_short_and_printable(api: Frontend, key: bytes) -> None:
    person = api.signed_in(a_client(api.database))["Authorization"].encode()
    headers = [(b"Authorization", person), (b"Idempotency-Key", key)]
    answer = await api.unchanged(api.http.post("/v1/holds", json=HOLD, headers=headers))
    assert is_problem(answer, ApiCode.IDEMPOTENCY_KEY_INVALID)


async def test_a_key_of_255_characters_is_good(api: Frontend) -> None:
    a_technician(api.database)
    client = a_client(api.database)
    answer = await api.post("/v1/holds", client, HOLD, key="~ " * 127 + "~")
    assert answer.status_code == 201


async def test_the_same_key_for_another_body_or_command_is_refused(api: Frontend) -> None:
    a_technician(api.database)
    client = a_client(api.database)
    first = await api.post("/v1/holds", client, HOLD, key="one")
    assert first.status_code == 201
    for path, body in [
        ("/v1/holds", {**HOLD, "minutes": 30}),
        ("/v1/cards", None),
        (
            "/v1/tickets",
            {"hold_id": first.json()["id"], "description": "Plus de Wi-Fi.", "phone": "0612345678"},
        ),
    ]:
        answer = await api.unchanged(api.post(path, client, body, key="one"))
        assert is_problem(answer, ApiCode.IDEMPOTENCY_KEY_REUSED)


async def test_the_same_key_of_two_people_is_two_keys(api: Frontend) -> None:
    a_technician(api.database)
    a_technician(api.database, name="Zoé Blanc")
    answers = [await api.post("/v1/holds", a_client(api.database), HOLD, key="one") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


async def test_a_retry_finds_the_same_hold_however_it_spells_the_time(api: Frontend) -> None:
    a_technician(api.database)
    client = a_client(api.database)
    first = await api.post("/v1/holds", client, HOLD, key="one")
    api.clock.advance(minutes=1)
    again = await api.unchanged(
        api.post("/v1/holds", client, {**HOLD, "start": "2026-11-24T09:00:00.000Z"}, key="one")
    )
    assert (again.status_code, again.json()) == (201, first.json())


async def test_a_retry_after_the_hold_is_gone_does_not_take_another(api: Frontend) -> None:
    a_technician(api.database)
    client = a_client(api.database)
    await api.post("/v1/holds", client, HOLD, key="one")
    await api.post("/v1/holds", client, {**HOLD, "start": "2026-11-24T14:00:00+01:00"}, key="two")
    late = await api.unchanged(api.post("/v1/holds", client, HOLD, key="one"))
    assert is_problem(late, Refusal.HOLD_EXPIRED)


async def test_a_refused_command_may_be_tried_again_under_its_key(api: Frontend) -> None:
    """What was refused was not done: the same request may succeed once the reason is gone."""
    client = a_client(api.database)
    refused = await api.unchanged(api.post("/v1/holds", client, HOLD, key="one"))
    assert refused.json()["code"] == "slot_taken"
    a_technician(api.database)
    api.clock.now = MORNING
    assert (await api.post("/v1/holds", client, HOLD, key="one")).status_code == 201
