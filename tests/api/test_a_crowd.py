"""A crowd of clients wants one technician's one hour in the same instant."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.turnstile import Turnstile
from domain.errors import Refusal
from tests.api.frontend import Frontend, nobody, problem
from tests.api.service import Service
from tests.support.people import accept_terms
from tests.support.postgres import Database


def a_crowd(database: Database, size: int) -> list[str]:
    return [
        client
        for (client,) in database.rows(
            "INSERT INTO people (role, name, mail) SELECT 'client', 'Claire Petit', "
            "'crowd' || n || '@example.fr' FROM generate_series(1, %s) n RETURNING id::text",
            size,
        )
    ]


def later(slot: dict[str, str], minutes: int) -> dict[str, str]:
    moved = timedelta(minutes=minutes)
    return {name: (datetime.fromisoformat(at) + moved).isoformat() for name, at in slot.items()}


# Many more than there are connections and places; the thousand that is promised is of `make soak`.
@pytest.mark.parametrize("size", [250, pytest.param(1_000, marks=pytest.mark.soak)])
async def test_of_a_crowd_at_once_one_gets_the_hour_and_the_ticket_and_the_others_other_hours(
    service: Service, size: int
) -> None:
    clients = a_crowd(service.database, size)
    offered = await service.api.get("/v1/slots", clients[0], skill="internet", minutes=60, limit=1)
    [slot] = offered.json()["slots"]
    # Nobody is told of a workflow: for these there is no Temporal.
    app = create_app(replace(service.api.given, temporal=nobody))
    # Longer than people would be kept waiting: this machine may be busy with other tests.
    app.state.turnstile = Turnstile(patience_seconds=110)
    asked: dict[str, Any] = {"skill": "internet", "start": slot["start"], "minutes": 60}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://omea.example") as http:
        crowded = Frontend(service.database, service.api.clock, service.api.given, http)
        answers = await asyncio.gather(*(crowded.post("/v1/holds", client, asked) for client in clients))

    [winner] = [client for client, answer in zip(clients, answers, strict=True) if answer.status_code == 201]
    assert service.database.rows("SELECT technician_id::text, held_by::text, state FROM bookings") == [
        (service.technician, winner, "held")
    ]
    assert service.database.rows("SELECT actor_id::text, command FROM requests") == [(winner, "hold")]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert len(refused) == size - 1
    others = [later(slot, minutes) for minutes in (60, 75, 90, 105, 120)]
    taken = problem(Refusal.SLOT_TAKEN, alternatives=others)
    assert [answer.json() for answer in refused if answer.json() != taken] == []
    assert {answer.status_code for answer in refused} == {409}

    service.client = winner
    accept_terms(service.database, winner)
    await service.save_card()
    [hold] = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    assert (await service.ask_for_help(hold)).status_code == 201
    assert service.database.rows("SELECT client_id::text, technician_id::text, status FROM tickets") == [
        (winner, service.technician, "scheduled")
    ]
    assert service.database.counts()["bookings"] == 1
