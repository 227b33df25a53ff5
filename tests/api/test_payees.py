"""Technicians as those who are paid: what is set by whom, what is shown, and what holds their money."""

from typing import Any

import pytest

from api.codes import ApiCode
from domain.payees import MANDATE
from tests.api.frontend import Frontend, is_problem
from tests.support.people import a_person, a_technician

IDENTITY = {
    "legal_name": "Thomas Leroy EI",
    "siren": "732 829 320",
    "vat_number": "FR 44 732829320",
    "street": "12 rue des Lilas",
    "postal_code": "69003",
    "city": "Lyon",
}
IBAN, OTHER_IBAN = "FR1420041010050500013M02606", "FR7630006000011234567890189"
NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"


@pytest.fixture
def team(api: Frontend) -> str:
    return a_person(api.database, "back_office")


async def a_new_one(api: Frontend, team: str) -> str:
    body = {"name": "Thomas Leroy", "mail": "thomas.leroy@example.fr", "skills": []}
    return str((await api.post("/v1/technicians", team, body)).json()["id"])


def codes(view: dict[str, Any]) -> list[str]:
    return [hold["code"] for hold in view["holds"]]


async def test_a_new_technician_is_held_until_all_is_said_signed_and_open(api: Frontend, team: str) -> None:
    thomas = await a_new_one(api, team)
    view = (await api.get("/v1/me/payee", thomas)).json()
    assert codes(view) == ["identity_missing", "mandate_missing", "account_missing"]
    path = f"/v1/technicians/{thomas}/payee"
    view = (await api.put(f"{path}/identity", team, IDENTITY)).json()
    assert (view["siren"], view["vat_number"]) == ("732829320", "FR44732829320")
    assert codes(view) == ["mandate_missing", "account_missing"]
    text = (await api.get("/v1/me/mandate-text", thomas)).json()
    assert text["version"] == MANDATE
    assert "autofacturation" in text["text"]
    view = (await api.put("/v1/me/payee/mandate", thomas, {"version": MANDATE})).json()
    assert (view["mandate"], codes(view)) == (MANDATE, ["account_missing"])
    answer = await api.unchanged(api.put("/v1/me/payee/mandate", thomas, {"version": "mandat-2020-01"}))
    assert is_problem(answer, ApiCode.MANDATE_OUTDATED)
    view = (await api.put("/v1/me/payee/bank", thomas, {"rail": "sepa", "iban": IBAN})).json()
    assert codes(view) == ["bank_change_pending", "account_missing"]
    view = (await api.post(f"{path}/bank/confirmation", team)).json()
    assert (codes(view), view["bank"]) == (
        [],
        {"rail": {"code": "sepa", "label": "virement bancaire SEPA"}, "iban": "FR14 … 2606"},
    )


async def test_a_change_of_bank_holds_everything_until_the_team_has_called(api: Frontend, team: str) -> None:
    thomas = a_technician(api.database, account="acct_1")
    path = f"/v1/technicians/{thomas}/payee"
    assert codes((await api.get(path, team)).json()) == []
    asked = {"rail": "sepa", "iban": f" {OTHER_IBAN[:4]} {OTHER_IBAN[4:]}"}
    view = (await api.put("/v1/me/payee/bank", thomas, asked, "once")).json()
    again = await api.unchanged(api.put("/v1/me/payee/bank", thomas, asked, "once"))
    assert (again.json(), codes(view)) == (view, ["bank_change_pending"])
    assert view["bank"]["rail"]["code"] == "stripe"
    assert (view["bank_change"]["rail"]["code"], view["bank_change"]["iban"]) == ("sepa", "FR76 … 0189")
    view = (await api.post(f"{path}/bank/refusal", team)).json()
    assert (view["bank_change"], codes(view), view["bank"]["rail"]["code"]) == (None, [], "stripe")
    for decision in ("confirmation", "refusal"):
        answer = await api.unchanged(api.post(f"{path}/bank/{decision}", team))
        assert is_problem(answer, ApiCode.NO_BANK_CHANGE)
    # What is in force already changes nothing.
    view = (await api.put("/v1/me/payee/bank", thomas, {"rail": "stripe"})).json()
    assert (view["bank_change"], codes(view)) == (None, [])


async def test_papers_are_asked_from_five_thousand_euros_on(api: Frontend, team: str) -> None:
    thomas = a_technician(api.database, account="acct_1")
    path = f"/v1/technicians/{thomas}/payee"
    view = (await api.put(f"{path}/papers", team, {"vigilance_until": None})).json()
    assert (view["vigilance_until"], codes(view)) == (None, [])
    api.database.execute(
        "INSERT INTO statements (key, technician_id, month, n, sequence, number, total_cents, cut_off, "
        "issued_at) VALUES ('payout:2026-10:t:1', %s, '2026-10', 1, 1, 'AF9999-00001', 500000, now(), now())",
        thomas,
    )
    assert codes((await api.get(path, team)).json()) == ["vigilance_expired"]
    for until, held in (("2026-11-23", ["vigilance_expired"]), ("2026-11-24", [])):
        assert codes((await api.put(f"{path}/papers", team, {"vigilance_until": until})).json()) == held


@pytest.mark.parametrize(
    ("what", "body", "code"),
    [
        ("identity", IDENTITY | {"siren": "732829321"}, "not_a_siren"),
        ("identity", IDENTITY | {"vat_number": "DE136695976"}, "not_a_vat_number"),
        ("identity", IDENTITY | {"postal_code": "6900"}, "string_pattern_mismatch"),
        ("identity", IDENTITY | {"street": "12 rue\ndes Lilas"}, "control_characters"),
        ("identity", IDENTITY | {"city": "Lyon\x00"}, "control_characters"),
        ("bank", {"rail": "sepa", "iban": "FR1420041010050500013M02607"}, "invalid_iban"),
        ("bank", {"rail": "sepa"}, "iban_with_sepa"),
        ("bank", {"rail": "stripe", "iban": IBAN}, "iban_with_sepa"),
        ("bank", {"rail": "cash"}, "enum"),
        ("papers", {"vigilance_until": "demain"}, "date_from_datetime_parsing"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_changes(
    api: Frontend, team: str, what: str, body: dict[str, Any], code: str
) -> None:
    thomas = a_technician(api.database)
    answer = await api.unchanged(api.put(f"/v1/technicians/{thomas}/payee/{what}", team, body))
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == [code]


async def test_a_siren_is_one_technicians_and_nobody_is_nobody(api: Frontend, team: str) -> None:
    first, second = a_technician(api.database), a_technician(api.database, name="Zoé Blanc")
    await api.put(f"/v1/technicians/{first}/payee/identity", team, IDENTITY)
    answer = await api.unchanged(api.put(f"/v1/technicians/{second}/payee/identity", team, IDENTITY))
    assert is_problem(answer, ApiCode.SIREN_TAKEN)
    for nobody in (NOBODY, team):
        answer = await api.get(f"/v1/technicians/{nobody}/payee", team)
        assert is_problem(answer, ApiCode.TECHNICIAN_NOT_FOUND)
