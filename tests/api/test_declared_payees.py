"""What the yearly declaration says of a technician: set by the team, kept, shown without the tax number."""

from typing import Any

import pytest

from tests.api.frontend import Frontend
from tests.api.test_payees import IDENTITY, codes
from tests.support.people import a_person, a_technician

DECLARED = {
    "is_company": False,
    "first_name": " Thomas ",
    "last_name": "Leroy",
    "birth_date": "1987-07-31",
    "tax_number": "30 23 217 600 053",
}
SHOWN = DECLARED | {"first_name": "Thomas", "tax_number": "… 0053"}
NOTHING = dict.fromkeys(DECLARED)


@pytest.fixture
def team(api: Frontend) -> str:
    return a_person(api.database, "back_office")


def of(view: dict[str, Any]) -> dict[str, Any]:
    return {name: view[name] for name in DECLARED}


async def test_it_is_shown_to_the_team_to_finance_and_to_them_but_for_the_tax_number(
    api: Frontend, team: str
) -> None:
    thomas = a_technician(api.database, account="acct_1")
    path = f"/v1/technicians/{thomas}/payee"
    assert of((await api.get(path, team)).json()) == NOTHING
    answer = await api.put(f"{path}/identity", team, IDENTITY | DECLARED)
    assert (answer.status_code, of(answer.json()), codes(answer.json())) == (200, SHOWN, [])
    for url, person in ((path, a_person(api.database, "finance")), ("/v1/me/payee", thomas)):
        assert of((await api.get(url, person)).json()) == SHOWN
    kept = api.database.rows("SELECT tax_number, birth_date::text FROM payees WHERE first_name IS NOT NULL")
    assert kept == [("3023217600053", "1987-07-31")]


async def test_what_is_not_given_stays_and_null_takes_back(api: Frontend, team: str) -> None:
    path = f"/v1/technicians/{a_technician(api.database)}/payee/identity"
    await api.put(path, team, IDENTITY | DECLARED)
    view = (await api.put(path, team, IDENTITY | {"city": "Rennes", "vat_number": None})).json()
    assert (of(view), view["city"], view["vat_number"]) == (SHOWN, "Rennes", None)
    view = (await api.put(path, team, IDENTITY | {"is_company": True, "tax_number": None})).json()
    assert of(view) == SHOWN | {"is_company": True, "tax_number": None}
    assert of((await api.put(path, team, IDENTITY | NOTHING)).json()) == NOTHING


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ({"tax_number": "30 23 217 600 054"}, "not_a_tax_number"),
        ({"tax_number": "… 0053"}, "not_a_tax_number"),
        ({"birth_date": "31/07/1987"}, "date_from_datetime_parsing"),
        ({"birth_date": "2026-07-31"}, "not_a_birth_date"),
        ({"birth_date": "1887-07-31"}, "not_a_birth_date"),
        ({"first_name": " "}, "string_too_short"),
        ({"last_name": "Le\x00roy"}, "control_characters"),
        ({"is_company": "non"}, "bool_type"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_changes(
    api: Frontend, team: str, fact: dict[str, Any], code: str
) -> None:
    path = f"/v1/technicians/{a_technician(api.database)}/payee"
    answer = await api.unchanged(api.put(f"{path}/identity", team, IDENTITY | DECLARED | fact))
    assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (422, [code])
    assert of((await api.get(path, team)).json()) == NOTHING
