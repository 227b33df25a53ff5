"""Free slots: cut from the opening hours and from who is free."""

from typing import Any

import pytest

from tests.api.frontend import Frontend
from tests.api.times import a_hold, at, booked
from tests.support.people import a_client, a_technician


async def starts(api: Frontend, client: str, **query: Any) -> list[str]:
    answer = await api.get("/v1/slots", client, **{"skill": "internet", "days": 1} | query)
    assert answer.status_code == 200
    return [slot["start"] for slot in answer.json()["slots"]]


async def test_the_skills_with_their_labels(api: Frontend) -> None:
    answer = await api.get("/v1/skills", a_client(api.database))
    assert answer.json() == {
        "skills": [
            {"code": "internet", "label": "Internet et Wi-Fi"},
            {"code": "mail", "label": "Messagerie"},
            {"code": "printer", "label": "Imprimante et scanner"},
            {"code": "security", "label": "Virus et sécurité"},
            {"code": "software", "label": "Logiciels et mises à jour"},
        ]
    }


async def test_slots_start_after_the_notice_and_end_with_the_day(api: Frontend) -> None:
    a_technician(api.database)
    found = await starts(api, a_client(api.database), minutes=240)
    assert (found[0], found[-1], len(found)) == (at(9, 30), "2026-11-25T08:45:00+01:00", 27)
    assert at(15) in found
    assert at(15, 15) not in found


async def test_slots_are_given_by_pages(api: Frontend) -> None:
    a_technician(api.database)
    client = a_client(api.database)
    query = {"skill": "internet", "days": 2, "limit": 2}
    first = (await api.get("/v1/slots", client, **query)).json()
    assert first == {
        "slots": [
            {"start": at(9, 30), "end": at(10, 30)},
            {"start": at(9, 45), "end": at(10, 45)},
        ],
        "next": at(10),
    }
    second = (await api.get("/v1/slots", client, **query | {"from": first["next"]})).json()
    assert [slot["start"] for slot in second["slots"]] == [at(10), at(10, 15)]


async def test_nobody_with_the_skill_is_no_slot(api: Frontend) -> None:
    a_technician(api.database, "printer")
    answer = await api.get("/v1/slots", a_client(api.database), skill="internet")
    assert answer.json() == {"slots": [], "next": None}


async def test_slots_leave_out_what_others_hold_and_what_is_booked(api: Frontend) -> None:
    technician = a_technician(api.database)
    client, other = a_client(api.database), a_client(api.database)
    booked(api, technician, at(11), at(12))
    assert (await api.post("/v1/holds", client, a_hold())).status_code == 201
    theirs = await starts(api, other, limit=3)
    assert theirs == [at(12), at(12, 15), at(12, 30)]
    # A new hold would replace one's own, so what one holds is still to be had.
    mine = await starts(api, client, limit=3)
    assert mine == [at(9, 30), at(9, 45), at(10)]
    api.clock.advance(minutes=5)
    assert (await starts(api, other, limit=1)) == [at(9, 45)]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"skill": "internet", "minutes": "50"}, "minutes", "invalid_duration"),
        ({"skill": "internet", "minutes": "300"}, "minutes", "invalid_duration"),
        ({"skill": "internet", "days": "15"}, "days", "less_than_equal"),
        ({"skill": "internet", "from": "2026-11-24T10:00:00"}, "from", "not_an_instant"),
        ({"skill": "internet", "from": "0001-01-01T00:00:00+12:00"}, "from", "not_an_instant"),
        ({"skill": "internet", "from": "1795510800"}, "from", "not_an_instant"),
        ({"minutes": "60"}, "skill", "missing"),
    ],
)
async def test_a_wrong_question_about_slots(
    api: Frontend, query: dict[str, str], field: str, code: str
) -> None:
    answer = await api.get("/v1/slots", a_client(api.database), **query)
    body = answer.json()
    assert (answer.status_code, [(e["field"], e["code"]) for e in body["errors"]]) == (422, [(field, code)])


async def test_an_unknown_skill(api: Frontend) -> None:
    client = a_client(api.database)
    for skill in ("plumbing", "Internet", "a\x00b", "x" * 100):
        answer = await api.get("/v1/slots", client, skill=skill)
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_skill")
        answer = await api.unchanged(api.post("/v1/holds", client, a_hold(skill=skill)))
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_skill")
