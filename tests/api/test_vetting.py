"""Only technicians whom the back office has vetted are given clients, while their papers are good."""

from datetime import date, timedelta

from api import french
from api.codes import ApiCode
from domain.vetting import Unvetted
from tests.api.frontend import Frontend, is_problem
from tests.api.test_payees import IDENTITY
from tests.api.test_technicians import THOMAS
from tests.api.times import a_hold
from tests.api.told import entries
from tests.support.people import a_client, a_person, a_technician

EVENTS = "SELECT kind, technician_id::text FROM capacity_events ORDER BY id"
UNTIL = "UPDATE payees SET vigilance_until = %s WHERE technician_id = %s"
NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"


async def offered(api: Frontend) -> int:
    slots = await api.get("/v1/slots", a_client(api.database), skill="internet", minutes=60, limit=100)
    return len(slots.json()["slots"])


async def test_a_technician_is_booked_once_all_is_there_and_somebody_has_said_so(api: Frontend) -> None:
    team, client = a_person(api.database, "back_office"), a_client(api.database)
    thomas = (await api.post("/v1/technicians", team, {**THOMAS, "skills": []})).json()["id"]
    path = f"/v1/technicians/{thomas}"
    steps = [
        (Unvetted.IDENTITY, team, f"{path}/payee/identity", IDENTITY),
        (Unvetted.MANDATE, thomas, "/v1/me/payee/mandate", {"version": "mandat-2026-01"}),
        (Unvetted.PAPERS, team, f"{path}/payee/papers", {"vigilance_until": "2026-11-24"}),
        (Unvetted.SKILLS, team, f"{path}/skills", {"skills": THOMAS["skills"]}),
    ]
    lacking = [kind for kind, *_ in steps]
    for kind, person, where, body in steps:
        labels = [{"code": one.value, "label": french.UNVETTED[one]} for one in lacking]
        answer = await api.unchanged(api.post(f"{path}/vetting", team))
        assert is_problem(answer, ApiCode.VETTING_INCOMPLETE, missing=labels)
        answer = await api.put(where, person, body)
        assert answer.status_code == 200, answer.text
        lacking.remove(kind)
    assert await offered(api) == 0
    assert (await api.post("/v1/holds", client, a_hold())).status_code == 409
    api.database.execute("DELETE FROM capacity_events")
    for _ in range(2):
        answer = await api.post(f"{path}/vetting", team, key="k")
        assert answer.status_code == 200
        assert answer.json()["vetted_at"] == api.clock().isoformat()
    assert api.database.rows(EVENTS) == [("returned", thomas)]
    vetted = (team, "technician_vetted", thomas, None)
    assert [one for one in entries(api) if "vetted" in one[1]] == [vetted]
    assert api.database.rows("SELECT vetted_by::text FROM technicians WHERE id = %s", thomas) == [(team,)]
    assert (await api.post("/v1/holds", client, a_hold())).status_code == 201
    answer = await api.unchanged(api.post(f"/v1/technicians/{NOBODY}/vetting", team))
    assert is_problem(answer, ApiCode.TECHNICIAN_NOT_FOUND)


async def test_nothing_is_offered_after_the_last_day_of_the_papers(api: Frontend) -> None:
    thomas, team = a_technician(api.database), a_person(api.database, "back_office")
    everything, today = await offered(api), api.clock().date()
    api.database.execute(UNTIL, today, thomas)
    until_tonight = await offered(api)
    api.database.execute(UNTIL, today + timedelta(days=1), thomas)
    until_tomorrow = await offered(api)
    api.database.execute(UNTIL, today - timedelta(days=1), thomas)
    assert 0 < until_tonight < until_tomorrow < everything
    assert await offered(api) == 0
    assert (await api.post("/v1/holds", a_client(api.database), a_hold())).status_code == 409
    # Somebody of before there was any vetting never gave any.
    api.database.execute(UNTIL, None, thomas)
    assert await offered(api) == everything
    api.database.execute("UPDATE technicians SET vetted_by = %s", team)
    assert await offered(api) == 0


async def test_the_team_sees_whose_papers_end_within_30_days(api: Frontend) -> None:
    team, today = a_person(api.database, "back_office"), api.clock().date()
    days: dict[date | None, bool] = {
        None: False,
        today - timedelta(days=1): True,
        today + timedelta(days=30): True,
        today + timedelta(days=31): False,
    }
    for day in days:
        api.database.execute(UNTIL, day, a_technician(api.database))
    shown = (await api.get("/v1/technicians", team)).json()["technicians"]
    assert {one["papers_until"]: one["papers_expire_soon"] for one in shown} == {
        day.isoformat() if day else None: soon for day, soon in days.items()
    }


async def test_papers_that_come_again_are_told_to_whoever_waits(api: Frontend) -> None:
    team, thomas = a_person(api.database, "back_office"), a_technician(api.database)
    api.database.execute("DELETE FROM capacity_events")
    path = f"/v1/technicians/{thomas}/payee/papers"
    assert (await api.put(path, team, {"vigilance_until": "2027-05-31"})).status_code == 200
    assert api.database.rows(EVENTS) == [("returned", thomas)]
