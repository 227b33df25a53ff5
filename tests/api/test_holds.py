"""Holding a slot: the database lets a technician be held once for any minute."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.errors import Refusal
from tests.api.frontend import MORNING, Frontend, is_problem
from tests.api.times import TEN, a_hold, at, booked
from tests.support.people import a_client, a_technician


async def test_a_hold_is_a_concrete_technician_for_5_minutes(api: Frontend) -> None:
    technician, client = a_technician(api.database), a_client(api.database)
    answer = await api.post("/v1/holds", client, a_hold())
    [row] = api.database.rows(
        "SELECT id::text, technician_id::text, lower(during), upper(during), state, held_by::text, skill, "
        "hold_expires_at, ticket FROM bookings"
    )
    ten, expiry = datetime.fromisoformat(TEN), MORNING + timedelta(minutes=5)
    hold = row[0]
    assert row == (hold, technician, ten, ten + timedelta(hours=1), "held", client, "internet", expiry, None)
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": hold,
            "skill": "internet",
            "start": TEN,
            "end": "2026-11-24T11:00:00+01:00",
            "expires_at": "2026-11-24T09:05:00+01:00",
        },
    )


@pytest.mark.parametrize(
    "start",
    [
        "2026-11-24T08:45:00+01:00",  # past
        "2026-11-24T09:15:00+01:00",  # too soon
        "2026-11-24T10:07:00+01:00",  # off the grid
        "2026-11-24T18:30:00+01:00",  # over the end of the day
        "2026-11-29T10:00:00+01:00",  # a Sunday
        "2026-12-25T10:00:00+01:00",  # Christmas, and too far
        "2027-03-01T10:00:00+01:00",  # too far
    ],
)
async def test_a_slot_that_is_not_offered(api: Frontend, start: str) -> None:
    a_technician(api.database)
    answer = await api.unchanged(api.post("/v1/holds", a_client(api.database), a_hold(start)))
    assert is_problem(answer, Refusal.SLOT_NOT_OFFERED)


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"minutes": "60"}, [("minutes", "int_type")]),
        ({"minutes": True}, [("minutes", "int_type")]),
        ({"minutes": 60.0}, [("minutes", "int_type")]),
        ({"skill": 5}, [("skill", "string_type")]),
        ({"start": 1795510800}, [("start", "not_an_instant")]),
        ({"start": "demain"}, [("start", "not_an_instant")]),
        ({"technician": "x"}, [("technician", "extra_forbidden")]),
        ({"minutes": None, "start": None}, [("start", "not_an_instant"), ("minutes", "int_type")]),
    ],
)
async def test_a_wrong_hold(api: Frontend, change: dict[str, Any], errors: list[tuple[str, str]]) -> None:
    a_technician(api.database)
    answer = await api.unchanged(api.post("/v1/holds", a_client(api.database), a_hold() | change))
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "invalid_input")
    assert [(error["field"], error["code"]) for error in body["errors"]] == errors
    assert all(error["detail"].endswith(".") for error in body["errors"])


async def test_a_taken_slot_comes_with_others(api: Frontend) -> None:
    technician = a_technician(api.database)
    booked(api, technician, at(10), at(17, 30))
    answer = await api.unchanged(api.post("/v1/holds", a_client(api.database), a_hold()))
    following = [("24", "17:30", "18:30"), ("24", "17:45", "18:45"), ("24", "18:00", "19:00")]
    following += [("25", "08:00", "09:00"), ("25", "08:15", "09:15")]
    assert is_problem(
        answer,
        Refusal.SLOT_TAKEN,
        alternatives=[
            {"start": f"2026-11-{day}T{start}:00+01:00", "end": f"2026-11-{day}T{end}:00+01:00"}
            for day, start, end in following
        ],
    )


async def test_a_new_hold_replaces_the_old_one(api: Frontend) -> None:
    a_technician(api.database)
    client = a_client(api.database)
    first = (await api.post("/v1/holds", client, a_hold())).json()["id"]
    # It overlaps the first, with the only technician there is.
    second = (await api.post("/v1/holds", client, a_hold(at(10, 30)))).json()["id"]
    assert api.database.rows("SELECT id::text FROM bookings") == [(second,)]
    assert first != second


async def test_a_refused_hold_leaves_the_old_one(api: Frontend) -> None:
    technician, client = a_technician(api.database), a_client(api.database)
    booked(api, technician, at(14), at(16))
    kept = (await api.post("/v1/holds", client, a_hold())).json()["id"]
    refused = await api.unchanged(api.post("/v1/holds", client, a_hold(at(15))))
    assert refused.status_code == 409
    assert api.database.rows("SELECT id::text FROM bookings WHERE held_by IS NOT NULL") == [(kept,)]


async def test_an_expired_hold_makes_way_and_is_deleted(api: Frontend) -> None:
    a_technician(api.database)
    await api.post("/v1/holds", a_client(api.database), a_hold())
    api.clock.advance(minutes=4, seconds=59)
    late = a_client(api.database)
    assert (await api.post("/v1/holds", late, a_hold())).status_code == 409
    api.clock.advance(seconds=1)
    assert (await api.post("/v1/holds", late, a_hold())).status_code == 201
    assert api.database.rows("SELECT held_by::text FROM bookings") == [(late,)]


async def test_the_fairest_technician_is_held(api: Frontend) -> None:
    busy, idle = a_technician(api.database), a_technician(api.database, name="Zoé Blanc")
    unskilled = a_technician(api.database, "printer")
    gone = a_technician(api.database)
    api.database.execute("UPDATE people SET active = false WHERE id = %s", gone)
    client = a_client(api.database)
    held = []
    for person in (client, a_client(api.database)):
        answer = await api.post("/v1/holds", person, a_hold())
        held.append(
            api.database.rows("SELECT technician_id::text FROM bookings WHERE id = %s", answer.json()["id"])[
                0
            ][0]
        )
    assert sorted(held) == sorted([busy, idle])
    assert unskilled not in held
    assert (await api.post("/v1/holds", a_client(api.database), a_hold())).status_code == 409


async def test_of_30_clients_at_once_one_gets_the_slot(api: Frontend) -> None:
    a_technician(api.database)
    clients = [a_client(api.database) for _ in range(30)]
    answers = await asyncio.gather(*(api.post("/v1/holds", client, a_hold()) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 29
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"slot_taken"}
    [winner] = [client for client, answer in zip(clients, answers, strict=True) if answer.status_code == 201]
    assert api.database.rows("SELECT held_by::text FROM bookings") == [(winner,)]
    assert api.database.rows("SELECT count(*) FROM requests") == [(1,)]


async def test_of_30_overlapping_holds_at_once_no_two_overlap(api: Frontend) -> None:
    """Different starts and two technicians: whoever gets one, the rows say the rest."""
    a_technician(api.database)
    a_technician(api.database, name="Zoé Blanc")
    clients = [a_client(api.database) for _ in range(30)]
    answers = await asyncio.gather(
        *(api.post("/v1/holds", one, a_hold(at(10 + n % 3, 15 * (n % 4)))) for n, one in enumerate(clients))
    )
    assert {answer.status_code for answer in answers} == {201, 409}
    kept = sum(answer.status_code == 201 for answer in answers)
    assert api.database.rows("SELECT count(*) FROM bookings") == [(kept,)]
    assert api.database.rows(
        "SELECT count(*) FROM bookings a JOIN bookings b USING (technician_id) "
        "WHERE a.id < b.id AND a.during && b.during"
    ) == [(0,)]


async def test_one_client_asking_10_times_at_once_has_one_hold(api: Frontend) -> None:
    for name in ("Thomas Leroy", "Zoé Blanc", "Luc Noir"):
        a_technician(api.database, name=name)
    client = a_client(api.database)
    await asyncio.gather(*(api.post("/v1/holds", client, a_hold(at(10 + n % 5))) for n in range(10)))
    assert api.database.rows("SELECT held_by::text FROM bookings") == [(client,)]


async def test_the_same_request_sent_10_times_at_once_is_one_hold(api: Frontend) -> None:
    a_technician(api.database)
    client = a_client(api.database)
    answers = await asyncio.gather(*(api.post("/v1/holds", client, a_hold(), "same") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
