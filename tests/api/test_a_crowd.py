"""A thousand clients want one technician's one hour in the same instant. Temporal is not even there."""

import asyncio
from datetime import timedelta

import httpx

from api.app import create_app
from api.turnstile import Turnstile
from domain.errors import Refusal
from tests.api.frontend import MORNING, Frontend, problem
from tests.api.times import a_hold
from tests.support.people import a_technician

CROWD = 1_000


def a_crowd(api: Frontend) -> list[str]:
    return [
        client
        for (client,) in api.database.rows(
            "INSERT INTO people (role, name, mail) SELECT 'client', 'Claire Petit', "
            "'client' || n || '@example.fr' FROM generate_series(1, %s) n RETURNING id::text",
            CROWD,
        )
    ]


async def test_of_1000_clients_at_once_one_gets_the_slot_and_the_others_are_offered_others(
    api: Frontend,
) -> None:
    technician = a_technician(api.database)
    clients = a_crowd(api)
    app = create_app(api.given)
    # Longer than people would be kept waiting: this machine may be busy with other tests.
    app.state.turnstile = Turnstile(patience_seconds=110)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://omea.example") as http:
        crowded = Frontend(api.database, api.clock, api.given, http)
        answers = await asyncio.gather(*(crowded.post("/v1/holds", client, a_hold()) for client in clients))

    [winner] = [client for client, answer in zip(clients, answers, strict=True) if answer.status_code == 201]
    assert api.database.rows(
        "SELECT technician_id::text, held_by::text, state, lower(during), upper(during) FROM bookings"
    ) == [(technician, winner, "held", MORNING + timedelta(hours=1), MORNING + timedelta(hours=2))]
    assert api.database.rows("SELECT actor_id::text, command FROM requests") == [(winner, "hold")]

    others = [
        {"start": f"2026-11-24T{start}:00+01:00", "end": f"2026-11-24T{end}:00+01:00"}
        for start, end in [
            ("11:00", "12:00"),
            ("11:15", "12:15"),
            ("11:30", "12:30"),
            ("11:45", "12:45"),
            ("12:00", "13:00"),
        ]
    ]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert len(refused) == CROWD - 1
    taken = problem(Refusal.SLOT_TAKEN, alternatives=others)
    assert [answer.json() for answer in refused if answer.json() != taken] == []
    assert {answer.status_code for answer in refused} == {409}
