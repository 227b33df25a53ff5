"""The back office reads who read and did what."""

from typing import Any

import pytest

from tests.api.frontend import MORNING, Frontend
from tests.api.rows import insert
from tests.api.told import Told, entries, look
from tests.support.people import a_person

NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"


async def test_the_back_office_reads_the_journal_page_by_page(api: Frontend, told: Told) -> None:
    for path in ("/v1/queue", f"/v1/tickets/{told.closed}", f"/v1/technicians/{told.technician}/payee"):
        api.clock.advance(minutes=1)
        assert (await api.get(path, told.team)).status_code == 200
    api.clock.advance(days=1)
    image = told.file.images["report"]
    await api.get(f"/v1/tickets/{told.file.ticket}/attachments/{image}", told.team)
    await api.get("/v1/ledger", told.finance)

    async def read(**query: Any) -> list[str]:
        answer = await look(api, told.team, **query)
        assert answer.status_code == 200
        return [one["kind"]["code"] for one in answer.json()["accesses"]]

    first = (await api.get("/v1/accesses", told.team, limit=2)).json()
    assert [one["kind"] for one in first["accesses"]] == [
        {"code": "ledger", "label": "comptes consultés"},
        {"code": "image", "label": "image consultée"},
    ]
    [(about_image,)] = api.database.rows("SELECT id::text FROM accesses WHERE kind = 'image'")
    assert first["accesses"][1] == {
        "id": about_image,
        "at": "2026-11-25T09:03:00+01:00",
        "person": {"id": told.team, "name": "Camille Martin"},
        "role": {"code": "back_office", "label": "équipe Omea"},
        "kind": {"code": "image", "label": "image consultée"},
        "subject": told.file.ticket,
        "part": image,
        "request": None,
    }
    pages, cursor = [first], first["next"]
    while cursor:
        pages.append((await api.get("/v1/accesses", told.team, limit=2, cursor=cursor)).json())
        cursor = pages[-1]["next"]
    ids = [one["id"] for page in pages for one in page["accesses"]]
    kinds = [one["kind"]["code"] for page in pages for one in page["accesses"]]
    assert (len(set(ids)), kinds[-3:]) == (len(ids), ["payee", "ticket", "queue"])

    assert await read(day="2026-11-24") == ["payee", "ticket", "queue"]
    assert await read(person=told.finance) == ["ledger"]
    assert await read(subject=told.closed) == ["ticket"]
    assert await read(subject=told.technician) == ["payee"]
    # A client's own tickets are what was read of them.
    assert await read(subject=told.client) == ["image", "ticket"]
    assert await read(subject=told.client, day="2026-11-25") == ["image"]
    # That somebody looks at a colleague is entered too.
    assert (told.team, "accesses", told.finance, None) in entries(api)


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"day": "24/11/2026"}, "day", "not_a_day"),
        ({"day": "0001-01-01"}, "day", "not_a_day"),
        ({"subject": "Claire Petit"}, "subject", "string_pattern_mismatch"),
        ({"cursor": "page-2"}, "cursor", "not_a_cursor"),
        ({"limit": 101}, "limit", "less_than_equal"),
    ],
)
async def test_what_cannot_be_looked_for(api: Frontend, query: Any, field: str, code: str) -> None:
    team = a_person(api.database, "back_office")
    answer = await api.unchanged(look(api, team, **query))
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


async def test_an_entry_of_a_kind_that_is_no_more_keeps_its_word(api: Frontend) -> None:
    team = a_person(api.database, "back_office")
    insert(api.database, "accesses", at=MORNING, person_id=NOBODY, role="finance", kind="crystal_ball")
    [one] = (await look(api, team)).json()["accesses"]
    assert one["kind"] == {"code": "crystal_ball", "label": "crystal_ball"}
    # Who is not there any more has no name.
    assert one["person"] == {"id": NOBODY, "name": ""}
