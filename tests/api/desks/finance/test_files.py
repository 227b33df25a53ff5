"""Files to download, what the bank sends back, the yearly declaration."""

import json

import pytest

from api.processes import Workflows
from domain.bank_steps import BankMessageRequest
from tests.api.desks.visitor import a_visitor, page_of
from tests.api.frontend import MORNING, Frontend
from tests.bank.messages import a_report
from tests.support.payments import a_declared_person, a_payment, gains_of
from tests.support.people import a_person, a_technician


async def test_the_files_of_a_year(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    page = await page_of(api, finance, "/exports")
    assert "/v1/ledger/journal.csv?year=2026" in page.links()
    assert "/v1/payouts/2026-11/statements.csv" in page.links()
    assert "/v1/payouts/2026-12/statements.csv" not in page.links()
    page = await page_of(api, finance, "/exports?annee=2025")
    assert "/v1/payouts/2025-12/statements.csv" in page.links()
    for link in ("/v1/ledger/journal.csv?year=2026", "/v1/payouts/2026-11/statements.csv"):
        assert (await page.open(link)).answer.status_code == 200


async def test_a_declaration_says_what_is_missing(api: Frontend) -> None:
    finance, thomas = a_person(api.database, "finance"), a_technician(api.database)
    page = await page_of(api, finance, "/declarations")
    assert "Aucun technicien n’a été payé en 2026" in page.text
    a_payment(api.database, thomas, MORNING, gains_of(api.database, thomas, MORNING, 1), cents=1600)
    page = await page_of(api, finance, "/declarations/2026")
    assert "Thomas Leroy Manque : " in page.text
    assert "date de naissance" in page.text
    assert "0,00 € 0,00 € 0,00 € 16,00 € 16,00 € 16,00 € PDF" in page.text
    assert "/v1/declarations/2026.xml" not in page.links()
    a_declared_person(api.database, thomas)
    page = await page_of(api, finance, "/declarations/2026")
    assert "Manque" not in page.text
    assert "/v1/declarations/2026.xml" in page.links()
    assert (await page.open("/declarations/2027")).answer.status_code == 422


async def test_what_is_not_a_message_of_a_bank_is_refused(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    page = await page_of(api, finance, "/banque")
    assert "Aucun fichier pour ce mois" in page.text
    await page.send("/banque")
    assert page.answer.status_code == 422
    assert page.wrong() == {"fichier": "Choisissez le fichier que la banque vous a donné."}
    await page.send("/banque", [("facture.xml", b"<facture/>", "application/xml")])
    assert page.answer.status_code == 422
    assert "Ce n’est pas fait" in page.text
    assert api.database.rows("SELECT FROM bank_messages") == []
    large = [("releve.xml", b"x" * (5 * 1024 * 1024 + 100_000), "application/xml")]
    assert (await page.open("/banque")).answer.status_code == 200
    assert (await page.send("/banque", large)).answer.status_code == 413


async def test_a_message_of_the_bank_is_kept_and_its_outcome_told(
    api: Frontend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How it is read is tests/api/test_bank.py."""
    finance, asked = a_person(api.database, "finance"), []

    async def apply(_: Workflows, request: BankMessageRequest) -> None:
        asked.append(request.sha256)

    monkeypatch.setattr(Workflows, "apply_bank_message", apply)
    visitor = await a_visitor(api, finance).open("/banque")
    await visitor.send("/banque", [("reponse.xml", a_report(""), "application/xml")])
    assert "Il est en cours de lecture." in visitor.text
    [(digest, by)] = api.database.rows("SELECT sha256, received_by::text FROM bank_messages")
    assert (asked, by) == ([digest], finance)
    outcome = dict.fromkeys(("accepted", "rejected", "returned", "unchanged", "conflicting"), 0)
    api.database.execute(
        "UPDATE bank_messages SET applied_at = %s, outcome = %s",
        *(MORNING, json.dumps(outcome | {"settled": 2, "unknown": 1})),
    )
    page = await page_of(api, finance, f"/banque?mois=2026-10&message={digest}")
    assert "2 virements exécutés 1 opération qui n’est pas de nos virements" in page.text
