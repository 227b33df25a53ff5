"""The team: who is let in, in which role, and whose account is closed; somebody always stays."""

import asyncio

import psycopg

from api.codes import ApiCode
from tests.api.frontend import Frontend, is_problem
from tests.api.told import entries
from tests.support.people import a_client, a_person, a_sign_in
from tests.support.pristine import Connection

PAUL = {"name": "Paul Morel", "mail": "Paul.Morel@example.fr", "role": "finance"}
SHOWN = {
    "name": "Paul Morel",
    "mail": "paul.morel@example.fr",
    "role": {"code": "finance", "label": "finance"},
    "active": True,
}
OFFICE = {"code": "back_office", "label": "équipe Omea"}


async def test_a_colleague_is_added_changed_and_closed_and_each_act_is_entered(api: Frontend) -> None:
    team = a_person(api.database, "back_office", "Sophie Roux")
    answer = await api.post("/v1/colleagues", team, PAUL, "k")
    assert answer.status_code == 201
    paul = answer.json()["id"]
    assert answer.json() == {"id": paul, **SHOWN}
    again = await api.unchanged(api.post("/v1/colleagues", team, PAUL, "k"))
    assert (again.status_code, again.json()) == (201, answer.json())
    assert is_problem(
        await api.unchanged(api.post("/v1/colleagues", team, {**PAUL, "role": "back_office"})),
        ApiCode.MAIL_TAKEN,
    )
    # At their next request, by the sign-in that they have.
    token = {"Authorization": f"Bearer {api.token(paul)}"}
    assert (await api.http.get("/v1/colleagues", headers=token)).status_code == 403
    answer = await api.put(f"/v1/colleagues/{paul}/role", team, {"role": "back_office"})
    assert (answer.status_code, answer.json()) == (200, {"id": paul, **SHOWN, "role": OFFICE})
    listed = await api.http.get("/v1/colleagues", headers=token)
    assert [(one["name"], one["active"]) for one in listed.json()["colleagues"]] == [
        ("Paul Morel", True),
        ("Sophie Roux", True),
    ]
    sign_in = a_sign_in(api.database, paul, api.clock())
    answer = await api.post(f"/v1/colleagues/{paul}/closure", team)
    assert (answer.status_code, answer.json()["active"]) == (200, False)
    assert is_problem(await api.http.get("/v1/colleagues", headers=token), ApiCode.SIGN_IN_INVALID)
    ended = "SELECT revoked_at IS NOT NULL FROM sign_ins WHERE id = %s"
    assert api.database.rows(ended, sign_in) == [(True,)]
    listed = await api.get("/v1/colleagues", team)
    assert [one["active"] for one in listed.json()["colleagues"]] == [False, True]
    assert entries(api) == [
        (team, "colleague_added", paul, None),
        (team, "colleague_role_set", paul, None),
        (paul, "colleagues", None, None),
        (team, "colleague_closed", paul, None),
        (team, "colleagues", None, None),
    ]


async def test_never_one_s_own_account_and_nobody_s_who_is_not_of_the_team(api: Frontend) -> None:
    team = a_person(api.database, "back_office")
    a_person(api.database, "back_office")
    client, technician = a_client(api.database), a_person(api.database, "technician")
    nobody = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"
    for person, code in (
        (team, ApiCode.OWN_ACCOUNT),
        (client, ApiCode.COLLEAGUE_NOT_FOUND),
        (technician, ApiCode.COLLEAGUE_NOT_FOUND),
        (nobody, ApiCode.COLLEAGUE_NOT_FOUND),
    ):
        path = f"/v1/colleagues/{person}"
        assert is_problem(await api.unchanged(api.post(f"{path}/closure", team)), code)
        answer = await api.unchanged(api.put(f"{path}/role", team, {"role": "finance"}))
        assert is_problem(answer, code)
    for role in ("client", "technician", "system", "admin"):
        answer = await api.unchanged(api.post("/v1/colleagues", team, {**PAUL, "role": role}))
        assert answer.status_code == 422


async def test_an_account_that_was_closed_by_mistake_is_opened_again(api: Frontend) -> None:
    team, paul = a_person(api.database, "back_office"), a_person(api.database, "finance")
    for what, active in (("closure", False), ("reopening", True), ("reopening", True)):
        answer = await api.post(f"/v1/colleagues/{paul}/{what}", team)
        assert (answer.status_code, answer.json()["active"]) == (200, active)
    assert (await api.get("/v1/me", paul)).json()["role"]["code"] == "finance"
    assert is_problem(await api.post(f"/v1/colleagues/{team}/reopening", team), ApiCode.OWN_ACCOUNT)
    client = a_client(api.database)
    refused = await api.post(f"/v1/colleagues/{client}/reopening", team)
    assert is_problem(refused, ApiCode.COLLEAGUE_NOT_FOUND)


async def test_of_two_who_close_each_other_at_once_one_stays(api: Frontend) -> None:
    a_person(api.database, "finance")
    one, other = a_person(api.database, "back_office"), a_person(api.database, "back_office")
    answers = await asyncio.gather(
        api.post(f"/v1/colleagues/{other}/closure", one),
        api.put(f"/v1/colleagues/{one}/role", other, {"role": "finance"}),
    )
    left = api.database.rows("SELECT count(*) FROM people WHERE role = 'back_office' AND active")
    assert left == [(1,)]
    statuses = sorted(answer.status_code for answer in answers)
    # Whoever comes second is refused: as the last one, or as somebody who is out or of another role by then.
    assert statuses in ([200, 401], [200, 403], [200, 409])


async def test_the_database_keeps_the_last_of_the_back_office(api: Frontend) -> None:
    """Whichever of two transactions at once commits second."""
    one, other = a_person(api.database, "back_office"), a_person(api.database, "back_office")
    first, second = (api.database.connect("omea_api", role_="back_office") for _ in range(2))
    closing = "UPDATE people SET active = false WHERE id = %s"
    with first, second:
        first.autocommit = second.autocommit = False
        first.execute(closing, (one,))
        waiting = asyncio.create_task(asyncio.to_thread(_outcome, second, closing, other))
        for _ in range(200):
            if api.database.rows("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
                break
            await asyncio.sleep(0.01)
        first.commit()
        assert await waiting == "last_of_the_back_office"
    assert api.database.rows("SELECT active FROM people ORDER BY id") == [(False,), (True,)]


def _outcome(connection: Connection, statement: str, person: str) -> str | None:
    try:
        connection.execute(statement, (person,))
    except psycopg.IntegrityError as refused:
        connection.rollback()
        return refused.diag.constraint_name
    return None
