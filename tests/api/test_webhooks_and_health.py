"""The provider's notices are checked, kept once and answered; the API says whether it can work."""

import asyncio
import json
import time
from datetime import timedelta
from typing import Any

from temporalio.client import Client

from api.codes import ApiCode
from db.engine import create_engine, sessions
from db.stores import inbox
from tests.api.frontend import Frontend, is_problem, open_frontend
from tests.support.people import a_person
from tests.support.postgres import Database

EVENT = {
    "id": "evt_1",
    "type": "payment_intent.succeeded",
    "data": {"object": {"id": "pi_1", "receipt_email": "claire.petit@example.fr"}},
}


async def deliver(api: Frontend, event: dict[str, Any], signature: str = "genuine") -> Any:
    return await api.http.post(
        "/v1/webhooks/stripe",
        content=json.dumps(event),
        headers={"Stripe-Signature": signature, "Content-Type": "application/json"},
    )


def kept(database: Database) -> list[tuple[Any, ...]]:
    return database.rows("SELECT id, type, subject, state, attempts FROM webhook_events ORDER BY id")


async def test_a_notice_is_kept_once_with_its_ids_only(api: Frontend) -> None:
    for _ in range(3):
        answer = await deliver(api, EVENT)
        assert (answer.status_code, answer.json()) == (200, {"received": True})
    row = ("evt_1", "payment_intent.succeeded", {"object": "pi_1"}, "pending", 0)
    assert kept(api.database) == [row]


async def test_the_same_notice_10_times_at_once(api: Frontend) -> None:
    answers = await asyncio.gather(*(deliver(api, EVENT) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(kept(api.database)) == 1


async def test_a_notice_of_somebody_else_is_refused(api: Frontend) -> None:
    assert is_problem(await api.unchanged(deliver(api, EVENT, "forged")), ApiCode.SIGNATURE_INVALID)
    assert is_problem(await api.unchanged(deliver(api, EVENT, "")), ApiCode.SIGNATURE_INVALID)
    unsigned = api.http.post("/v1/webhooks/stripe", json=EVENT)
    assert is_problem(await api.unchanged(unsigned), ApiCode.SIGNATURE_INVALID)


async def test_the_inbox_hands_out_what_is_due_to_one_dispatcher(api: Frontend) -> None:
    for number in range(4):
        await deliver(api, {**EVENT, "id": f"evt_{number}"})
    engine = create_engine(api.database.url("omea_worker"))
    worker = sessions(engine)
    async with worker.begin() as one, worker.begin() as other:
        mine = await inbox.due_events(one, 3)
        theirs = await inbox.due_events(other, 3)
        assert [event.id for event in mine] == ["evt_0", "evt_1", "evt_2"]
        assert [event.id for event in theirs] == ["evt_3"]
        await inbox.mark_done(one, "evt_0")
        await inbox.park(one, "evt_1")
        await inbox.postpone(one, "evt_2", timedelta(hours=1))
    async with worker.begin() as later:
        assert [event.id for event in await inbox.due_events(later, 3)] == ["evt_3"]
    await engine.dispose()
    assert [(row[0], row[3], row[4]) for row in kept(api.database)] == [
        ("evt_0", "done", 1),
        ("evt_1", "parked", 1),
        ("evt_2", "pending", 1),
        ("evt_3", "pending", 0),
    ]


async def test_the_team_sees_what_is_parked_and_nothing_of_what_it_was_about(api: Frontend) -> None:
    for number, state in enumerate(("parked", "done", "pending", "parked")):
        api.database.execute(
            "INSERT INTO webhook_events (id, type, subject, state, received_at) VALUES "
            "(%s, 'transfer.reversed', '{\"object\": \"tr_1\"}', %s, "
            "timestamptz '2026-11-24 10:00+01' - %s * interval '1 hour')",
            *(f"evt_{number}", state, number),
        )
    for role in ("back_office", "finance"):
        answer = await api.get("/v1/webhooks/parked", a_person(api.database, role))
        assert answer.json() == {
            "parked": [
                {"id": "evt_3", "type": "transfer.reversed", "received_at": "2026-11-24T07:00:00+01:00"},
                {"id": "evt_0", "type": "transfer.reversed", "received_at": "2026-11-24T10:00:00+01:00"},
            ],
            "more": False,
        }


async def test_alive_without_anything(database: Database) -> None:
    away = database.url("omea_api").replace("host=", "host=/nonexistent")
    async with open_frontend(database, database_url=away) as api:
        assert (await api.http.get("/healthz")).json() == {"status": "ok"}
        answer = await api.http.get("/readyz")
        missing = ["postgres", "temporal", "worker"]
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "missing": missing})


async def test_who_does_not_even_refuse_is_named_before_the_question_is_given_up(database: Database) -> None:
    """Whoever asks waits 5 s: a host that is gone, and a Temporal that lets everybody wait, at once."""

    async def waits() -> Client:
        await asyncio.sleep(60)
        raise AssertionError

    async def says_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)
        writer.close()

    server = await asyncio.start_server(says_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"postgresql+psycopg://omea_api@127.0.0.1:{port}/omea"
    async with open_frontend(database, waits, database_url=url) as api:
        begun = time.monotonic()
        answer = await api.http.get("/readyz")
        assert time.monotonic() - begun < 4
        missing = ["postgres", "temporal", "worker"]
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "missing": missing})
    server.close()
