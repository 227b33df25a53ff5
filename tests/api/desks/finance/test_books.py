"""The ledger read account by account, a month's close, and what must always be true."""

from datetime import timedelta

import pytest

from api.desks.finance.checks import difference
from domain import ledger
from domain.ledger import Posting
from tests.api.desks.finance.months import NOVEMBER, OCTOBER, ONE, a_business
from tests.api.desks.finance.test_month import looked_at
from tests.api.desks.visitor import a_visitor, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.test_reading_money import a_statement
from tests.support.books import a_credit_note_of, enter
from tests.support.people import a_person

NOBODY = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20"
PAYOUT = f"payout:2026-10:{NOBODY}:1"


async def test_the_books_before_the_first_invoice(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    assert "Le grand livre est vide" in (await page_of(api, finance, "/comptabilite")).text
    assert "Marge : 0,00 €" in (await page_of(api, finance, "/comptabilite/2026-10/cloture")).text
    assert (
        "Aucune écriture ce mois-ci"
        in (await page_of(api, finance, "/comptabilite/2026-10/comptes/411")).text
    )
    assert "Aucun contrôle n’a encore eu lieu" in (await page_of(api, finance, "/controles")).text


async def test_the_balance_of_a_month_leads_to_each_account(api: Frontend) -> None:
    business = a_business(api.database)
    page = await page_of(api, business.finance, "/comptabilite/2026-11")
    for words in (
        "411 Clients 30,00 € 45,00 € 0,00 € 75,00 €",
        "4081 Fournisseurs - Factures non parvenues −32,00 € 0,00 € 16,00 € −48,00 €",
        "5112 Valeurs à l’encaissement - Stripe 29,30 € 0,00 € 15,00 € 14,30 €",
        "Total 0,00 € 61,00 € 61,00 € 0,00 €",
    ):
        assert words in page.text, page.text
    assert "/comptabilite/2026-11/comptes/411" in page.links()


async def test_the_entries_of_an_account_lead_to_their_papers(api: Frontend) -> None:
    business = a_business(api.database)
    first, second, third = business.tickets
    a_credit_note_of(api.database, "F2026-000002", "A2026-000001", OCTOBER, 1)
    enter(api.database, [(ledger.credit_note_issued("A2026-000001", business.client, ONE), NOVEMBER)])
    page = await page_of(api, business.finance, "/comptabilite/2026-11/comptes/411")
    for words in (
        "Au début de novembre 2026 30,00 € Débit 45,00 € Crédit 15,00 € Maintenant 60,00 €",
        "12/11/2026 Facture Facture F2026-000003 Claire Petit 30,00 €",
        "12/11/2026 Remboursement Facture F2026-000001 Claire Petit 15,00 €",
        "12/11/2026 Avoir Avoir A2026-000001 Claire Petit 15,00 €",
        "Claire Petit 30,00 € 45,00 € 15,00 € 60,00 €",
    ):
        assert words in page.text, page.text
    papers = [link for link in page.links() if link.endswith(".pdf")]
    assert sorted(papers) == sorted(
        [
            f"/v1/tickets/{third}/invoice.pdf",
            f"/v1/tickets/{first}/invoice.pdf",
            f"/v1/tickets/{second}/credit-notes/A2026-000001.pdf",
        ]
    )
    page = await page_of(api, business.finance, "/comptabilite/2026-10/comptes/4081")
    assert "05/10/2026 Gain Demande n° " in page.text
    assert "Par technicien" in page.text
    assert "Nadia Benali 0,00 € 0,00 € 16,00 € −16,00 €" in page.text


async def test_a_statement_of_the_books_leads_to_its_page_and_a_long_month_has_pages(api: Frontend) -> None:
    business = a_business(api.database)
    key = a_statement(api.database, business.thomas, [], "paid", cents=1600)
    enter(api.database, [(ledger.statement_issued(key, business.thomas, 1600), NOVEMBER)])
    page = await page_of(api, business.finance, "/comptabilite/2026-11/comptes/401")
    [(number,)] = api.database.rows("SELECT number FROM statements")
    assert f"/releves/{number}" in page.links()
    many = [
        (Posting(f"bank:po_{place}", (("512", 100), ("5112", -100))), NOVEMBER + timedelta(minutes=place))
        for place in range(101)
    ]
    enter(api.database, many)
    own = "/comptabilite/2026-11/comptes/512"
    page = await page_of(api, business.finance, own)
    assert f"{own}?page=2" in page.links()
    page = await page_of(api, business.finance, f"{own}?page=2")
    assert page.text.count("Virement de Stripe à la banque") == 1
    assert f"{own}?page=1" in page.links()


async def test_a_close_says_what_the_month_leaves(api: Frontend) -> None:
    business = a_business(api.database)
    page = await page_of(api, business.finance, "/comptabilite/2026-10/cloture")
    # 50 € billed without VAT, 32 € for technicians, 0,70 € of fees.
    for words in (
        "Marge : 17,30 €",
        "Factures 50,00 € 10,00 € 60,00 €",
        "Facture 60,00 € Encaissement −30,00 € À la fin du mois 30,00 €",
        "Solde des clients 30,00 €",
    ):
        assert words in page.text, page.text
    page = await page_of(api, business.finance, "/comptabilite/2026-11/cloture")
    assert "Le mois n’est pas fini : ces chiffres vont jusqu’à maintenant et sont provisoires." in page.text


async def test_a_check_that_does_not_hold_shows_its_differences(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    looked_at(api, MORNING - timedelta(hours=1), broken=0)
    looked_at(api, MORNING - timedelta(minutes=45), broken=1)
    page = await page_of(api, finance, "/controles")
    assert "Un contrôle ne tient pas" in page.text
    assert "Les ventes (706 et 709) sont les factures moins les avoirs Ne tient pas" in page.text
    assert "Facture F2026-000123, au grand livre −5,00 €, attendu 0,00 €" in page.text
    assert "La TVA exigible (44571) est celle des factures payées aujourd’hui à 8 h" in page.text
    shown = await page_of(api, a_person(api.database, "back_office"), "/controles")
    assert "Facture F2026-000123, au grand livre −5,00 €, attendu 0,00 €" in shown.text
    assert shown.links() == []
    looked_at(api, MORNING, broken=0)
    assert "Tout est juste. Dernier contrôle : aujourd’hui à 9 h." in (await page.open("/controles")).text


@pytest.mark.parametrize(
    ("row", "said", "path"),
    [
        (
            {"transaction": f"transfer:{PAYOUT}:tr_1", "difference_cents": 100},
            "écriture « Virement » d’un relevé d’octobre 2026, écart 1,00 €",
            "/virements/2026-10",
        ),
        (
            {"reference": "AF0001-00007", "fault": "contest_open"},
            "anomalie contestation sans réponse, référence AF0001-00007",
            "/releves/AF0001-00007",
        ),
        (
            {"technician": NOBODY, "account": f"401:{NOBODY}", "ledger_cents": -500},
            "compte 401, au grand livre −5,00 €",
            None,
        ),
        ({"reference": f"x:{NOBODY}", "ticket": "00000420"}, "demande n° 0000 0420, référence x:…", None),
        ({"technician": NOBODY}, "de qui, l’alerte envoyée par courriel le dit", None),
    ],
)
def test_a_difference_is_said_without_ids(row: dict[str, str | int], said: str, path: str | None) -> None:
    found = difference(row)
    assert (found.said.replace("\N{NO-BREAK SPACE}", " "), found.path) == (said, path)


async def test_an_account_that_is_none(api: Frontend) -> None:
    visitor = a_visitor(api, a_person(api.database, "finance"))
    for path in (
        "/comptabilite/2026-11/comptes/abc",
        "/comptabilite/2027-01",
        "/comptabilite/2027-01/cloture",
    ):
        assert (await visitor.open(path)).answer.status_code == 422
