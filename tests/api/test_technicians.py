"""The back office's technicians, and their time, which is also their own to set."""

from typing import Any

import pytest

from api.codes import ApiCode
from domain.errors import Refusal
from tests.api.frontend import Frontend, is_problem
from tests.api.times import a_hold, at
from tests.support.people import a_client, a_person, a_technician

NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"
THOMAS = {
    "name": "Thomas Leroy",
    "mail": "Thomas.Leroy@example.fr",
    "skills": [{"skill": "printer", "level": 1}, {"skill": "internet", "level": 3}],
}
HOURS = [
    {"weekday": 1, "opens": "09:00", "closes": "12:00"},
    {"weekday": 1, "opens": "14:00", "closes": "18:30"},
]
LEAVE = {"start": "2026-12-24T00:00:00+01:00", "end": "2027-01-02T00:00:00+01:00"}
EVENTS = "SELECT kind, technician_id::text FROM capacity_events ORDER BY id"


@pytest.fixture
def team(api: Frontend) -> str:
    return a_person(api.database, "back_office")


async def test_a_technician_is_added_once_and_not_vetted_yet(api: Frontend, team: str) -> None:
    answer = await api.post("/v1/technicians", team, THOMAS, "once")
    thomas = answer.json()["id"]
    whole = {
        "id": thomas,
        "name": "Thomas Leroy",
        "mail": "thomas.leroy@example.fr",
        "active": True,
        "suspended_at": None,
        "vetted_at": None,
        "papers_until": None,
        "papers_expire_soon": False,
        "skills": [{"skill": "internet", "level": 3}, {"skill": "printer", "level": 1}],
        "working_hours": [],
        "leaves": [],
    }
    assert (answer.status_code, answer.json()) == (201, whole)
    again = await api.unchanged(api.post("/v1/technicians", team, THOMAS, "once"))
    assert (again.status_code, again.json()) == (201, whole)
    assert (await api.get("/v1/technicians", team)).json() == {"technicians": [whole]}
    assert (await api.get("/v1/me", thomas)).json()["skills"] == ["internet", "printer"]
    assert api.database.rows(EVENTS) == [("returned", thomas)] * 2


async def test_an_address_is_one_account_whatever_its_capitals(api: Frontend, team: str) -> None:
    a_person(api.database, "client", mail="Thomas.leroy@example.FR")
    assert is_problem(await api.unchanged(api.post("/v1/technicians", team, THOMAS)), ApiCode.MAIL_TAKEN)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"name": "T"}, "name", "string_too_short"),
        ({"name": "Thomas\nLeroy"}, "name", "control_characters"),
        ({"mail": "thomas"}, "mail", "not_a_mail"),
        ({"mail": "thomas@exämple.fr"}, "mail", "not_a_mail"),
        ({"mail": "a@b.fr\nBcc: c@d.fr"}, "mail", "not_a_mail"),
        ({"skills": [{"skill": "internet", "level": 4}]}, "skills.0.level", "less_than_equal"),
        ({"skills": [{"skill": "mail"}, {"skill": "mail", "level": 2}]}, "skills", "skill_twice"),
        ({"role": "finance"}, "role", "extra_forbidden"),
    ],
)
async def test_a_technician_that_cannot_be(
    api: Frontend, team: str, change: dict[str, Any], field: str, code: str
) -> None:
    answer = await api.unchanged(api.post("/v1/technicians", team, THOMAS | change))
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "invalid_input")
    assert [(error["field"], error["code"]) for error in body["errors"]] == [(field, code)]


async def test_skills_are_replaced_and_only_what_changes_is_told(api: Frontend, team: str) -> None:
    technician = a_technician(api.database, "internet", "mail", "printer")
    api.database.execute("DELETE FROM capacity_events")
    path = f"/v1/technicians/{technician}/skills"
    wanted = [
        {"skill": "internet", "level": 1},
        {"skill": "mail", "level": 2},
        {"skill": "security", "level": 3},
    ]
    answer = await api.put(path, team, {"skills": wanted}, "first")
    assert (answer.status_code, answer.json()["skills"]) == (200, wanted)
    assert api.database.rows(EVENTS) == [("returned", technician)] * 2
    assert (await api.put(path, team, {"skills": []})).json()["skills"] == []
    # Sent again, the first does not undo what came after.
    assert (await api.put(path, team, {"skills": wanted}, "first")).json()["skills"] == []


async def test_hours_are_the_whole_week_and_only_what_changes_is_told(api: Frontend) -> None:
    technician = a_technician(api.database)
    api.database.execute("DELETE FROM capacity_events")
    path = "/v1/me/working-hours"
    assert (await api.get(path, technician)).json() == {"working_hours": []}
    answer = await api.put(path, technician, {"working_hours": HOURS[::-1]})
    assert (answer.status_code, answer.json()) == (200, {"working_hours": HOURS})
    assert api.database.rows(EVENTS) == [("returned", technician), ("lost", technician)] * 2
    api.database.execute("DELETE FROM capacity_events")
    longer = [HOURS[0], HOURS[1] | {"closes": "19:00"}]
    assert (await api.put(path, technician, {"working_hours": longer})).json() == {"working_hours": longer}
    assert (await api.get(path, technician)).json() == {"working_hours": longer}
    assert api.database.rows(EVENTS) == [("returned", technician), ("lost", technician)] * 2
    assert (await api.put(path, technician, {"working_hours": longer})).status_code == 200
    assert api.database.rows("SELECT count(*) FROM capacity_events") == [(4,)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"opens": "12:00"}, Refusal.WORKING_HOURS_ORDER),
        ({"opens": "18:00"}, Refusal.WORKING_HOURS_ORDER),
        ({"opens": "11:59"}, Refusal.WORKING_HOURS_OVERLAP),
    ],
)
async def test_hours_that_make_no_week(
    api: Frontend, team: str, change: dict[str, Any], code: Refusal
) -> None:
    technician = a_technician(api.database)
    asked = {"working_hours": [{"weekday": 1, "opens": "09:00", "closes": "12:00"}, HOURS[0] | change]}
    if code is Refusal.WORKING_HOURS_OVERLAP:
        asked["working_hours"][1]["closes"] = "13:00"
    for person, path in ((technician, "/v1/me"), (team, f"/v1/technicians/{technician}")):
        assert is_problem(await api.unchanged(api.put(f"{path}/working-hours", person, asked)), code)


@pytest.mark.parametrize("wrong", ["9:00", "24:00", "09:60", "09:00:00", "٠٩:٠٠", 9, None])
async def test_an_hour_that_no_clock_shows(api: Frontend, wrong: Any) -> None:
    asked = {"working_hours": [{"weekday": 0, "opens": wrong, "closes": "12:00"}]}
    answer = await api.put("/v1/me/working-hours", a_technician(api.database), asked)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["field"], error["code"]) == (
        422,
        "working_hours.0.opens",
        "not_a_wall_time",
    )


async def test_leave_is_taken_once_and_given_up(api: Frontend, team: str) -> None:
    technician = a_technician(api.database)
    api.database.execute("DELETE FROM capacity_events")
    answer = await api.post("/v1/me/leaves", technician, LEAVE, "once")
    mine = {"id": answer.json()["id"], **LEAVE}
    assert (answer.status_code, answer.json()) == (201, mine)
    again = await api.unchanged(api.post("/v1/me/leaves", technician, LEAVE, "once"))
    assert (again.status_code, again.json()) == (201, mine)
    path = f"/v1/technicians/{technician}/leaves"
    days = {"start": "2026-11-24T08:00:00+01:00", "end": "2026-11-25T00:00:00+01:00"}  # begun, by phone
    theirs = (await api.post(path, team, days)).json()
    assert api.database.rows("SELECT recorded_by::text FROM leaves ORDER BY id") == [(technician,), (team,)]
    assert (await api.get("/v1/me/leaves", technician)).json() == {"leaves": [theirs, mine]}
    [listed] = (await api.get("/v1/technicians", team)).json()["technicians"]
    assert listed["leaves"] == [theirs, mine]
    for _ in range(2):
        assert (await api.delete(f"/v1/me/leaves/{mine['id']}", technician, "gone")).status_code == 204
    assert is_problem(await api.post("/v1/me/leaves", technician, LEAVE, "once"), ApiCode.LEAVE_NOT_FOUND)
    assert (await api.delete(f"{path}/{theirs['id']}", team)).status_code == 204
    assert (await api.get("/v1/me/leaves", technician)).json() == {"leaves": []}
    kinds = [("lost", technician)] * 2 + [("returned", technician)] * 2
    assert api.database.rows(EVENTS) == kinds


async def test_leave_that_cannot_be(api: Frontend, team: str) -> None:
    technician, other = a_technician(api.database), a_technician(api.database)
    path = f"/v1/technicians/{technician}/leaves"
    kept = (await api.post(path, team, LEAVE)).json()["id"]
    for body, code in [
        ({"start": LEAVE["end"], "end": LEAVE["start"]}, Refusal.LEAVE_ORDER),
        ({"start": at(7), "end": at(9)}, Refusal.LEAVE_PAST),
        (LEAVE, Refusal.LEAVE_OVERLAPS),
        ({"start": "2027-01-01T23:59:00+01:00", "end": "2027-02-01T00:00:00+01:00"}, Refusal.LEAVE_OVERLAPS),
    ]:
        assert is_problem(await api.unchanged(api.post(path, team, body)), code)
    assert (await api.post(f"/v1/technicians/{other}/leaves", team, LEAVE)).status_code == 201
    following = {"start": LEAVE["end"], "end": "2027-01-03T00:00:00+01:00"}
    assert (await api.post(path, team, following)).status_code == 201
    assert is_problem(await api.delete(f"/v1/me/leaves/{kept}", other), ApiCode.LEAVE_NOT_FOUND)
    assert is_problem(
        await api.delete(f"/v1/technicians/{other}/leaves/{kept}", team), ApiCode.LEAVE_NOT_FOUND
    )
    api.clock.advance(days=60)
    assert is_problem(await api.delete(f"{path}/{kept}", team), Refusal.LEAVE_PAST)
    assert (await api.get("/v1/me/leaves", technician)).json() == {"leaves": []}


async def test_a_suspended_technician_is_signed_out_and_gets_no_ticket(api: Frontend, team: str) -> None:
    technician, client = a_technician(api.database), a_client(api.database)
    path = f"/v1/technicians/{technician}"
    api.database.execute("DELETE FROM capacity_events")
    answer = await api.post(f"{path}/suspension", team, key="once")
    assert (answer.status_code, answer.json()["active"], answer.json()["suspended_at"]) == (
        200,
        False,
        "2026-11-24T09:00:00+01:00",
    )
    assert api.database.rows("SELECT suspended_by::text FROM technicians") == [(team,)]
    assert is_problem(await api.get("/v1/me", technician), ApiCode.SIGN_IN_INVALID)
    assert (await api.get("/v1/slots", client, skill="internet")).json()["slots"] == []
    assert is_problem(await api.post("/v1/holds", client, a_hold()), Refusal.SLOT_TAKEN, alternatives=[])
    api.clock.advance(minutes=1)
    # Suspended since the first time.
    assert (await api.post(f"{path}/suspension", team)).json()["suspended_at"] == "2026-11-24T09:00:00+01:00"

    back = await api.post(f"{path}/reinstatement", team)
    assert (back.status_code, back.json()["active"], back.json()["suspended_at"]) == (200, True, None)
    assert api.database.rows(EVENTS) == [("lost", technician), ("returned", technician)]
    # A retry of the suspension that comes late does not suspend again.
    assert (await api.post(f"{path}/suspension", team, key="once")).json()["active"] is True
    assert (await api.post("/v1/holds", client, a_hold())).status_code == 201


async def test_nobody_else_is_a_technician(api: Frontend, team: str) -> None:
    """Neither an unknown id nor the id of a client or of finance."""
    for person in (NOBODY, a_client(api.database), a_person(api.database, "finance")):
        path = f"/v1/technicians/{person}"
        for asking in (
            api.put(f"{path}/skills", team, {"skills": []}),
            api.put(f"{path}/working-hours", team, {"working_hours": HOURS}),
            api.post(f"{path}/leaves", team, LEAVE),
            api.post(f"{path}/suspension", team),
            api.post(f"{path}/reinstatement", team),
        ):
            assert is_problem(await api.unchanged(asking), ApiCode.TECHNICIAN_NOT_FOUND)
    assert api.database.rows("SELECT count(*) FROM people WHERE NOT active") == [(0,)]


async def test_an_unknown_skill_is_not_given(api: Frontend, team: str) -> None:
    technician = a_technician(api.database)
    unknown = {"skills": [{"skill": "plumbing", "level": 1}]}
    path = f"/v1/technicians/{technician}/skills"
    assert is_problem(await api.unchanged(api.put(path, team, unknown)), Refusal.UNKNOWN_SKILL)
    answer = await api.unchanged(api.post("/v1/technicians", team, THOMAS | unknown))
    assert is_problem(answer, Refusal.UNKNOWN_SKILL)


async def test_holds_that_a_technician_can_no_longer_keep_are_given_up(api: Frontend, team: str) -> None:
    technician = a_technician(api.database)
    path = f"/v1/technicians/{technician}"
    holds = {}
    for hour in (10, 12, 14, 16):
        answer = await api.post("/v1/holds", a_client(api.database), a_hold(at(hour)))
        holds[hour] = answer.json()["id"]

    def kept() -> list[int]:
        left = {hold for (hold,) in api.database.rows("SELECT id::text FROM bookings")}
        return [hour for hour, hold in holds.items() if hold in left]

    await api.post(f"{path}/leaves", team, {"start": at(10, 59), "end": at(12)})
    assert kept() == [12, 14, 16]
    hours = [{"weekday": 1, "opens": "08:00", "closes": "16:59"}]
    await api.put(f"{path}/working-hours", team, {"working_hours": hours})
    assert kept() == [12, 14]
    await api.post(f"{path}/suspension", team)
    assert kept() == []
