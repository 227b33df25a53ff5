"""The gain tab: each line and its state, why it is held, the next transfer, estimates apart; statements."""

from datetime import datetime, timedelta

import pytest

from domain.opening_hours import PARIS
from tests.api.desks.visitor import a_visitor, looks_right, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_gain, a_report, a_session, a_ticket, an_invoice, insert
from tests.api.test_reading_money import a_statement
from tests.support.people import a_client, a_submission, a_technician

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def client(api: Frontend) -> str:
    return a_client(api.database)


@pytest.fixture
def technician(api: Frontend) -> str:
    return a_technician(api.database, account="acct_1")


def earned(
    api: Frontend, client: str, technician: str, *, cents: int = 1600, status: str = "invoiced"
) -> str:
    number = a_ticket(api.database, client, technician, start=MORNING - DAY, status="invoiced")
    a_gain(api.database, number, technician, MORNING - HOUR, cents)
    api.database.execute("UPDATE tickets SET status = %s WHERE number = %s", status, number)
    return number


async def test_nothing_yet(api: Frontend, technician: str) -> None:
    page = await page_of(api, technician, "/gain")
    assert "Aucun gain ce mois-ci pour l’instant" in page.text
    assert "Prochain virement 0,00 € hors taxes Mardi 1er décembre 2026" in page.text
    assert "Rien à virer pour l’instant" in page.text
    statements = await page_of(api, technician, "/gain/releves")
    assert "Aucun relevé pour l’instant" in statements.text


async def test_each_line_says_its_state_and_why_it_is_held(
    api: Frontend, client: str, technician: str
) -> None:
    free = earned(api, client, technician)
    suspended = earned(api, client, technician, status="suspended")
    an_invoice(api.database, free, client, "F2026-000001", MORNING)
    refunded = earned(api, client, technician, cents=2400)
    an_invoice(api.database, refunded, client, "F2026-000002", MORNING)
    asked = a_submission(api.database, client, "refund", reason="La panne est revenue.")
    case = {"invoice": "F2026-000002", "n": 1, "ticket": refunded, "status": "open", "submission_id": asked}
    insert(api.database, "refund_cases", **case, opened_by=client, opened_at=MORNING)
    contested = earned(api, client, technician, cents=800)
    an_invoice(api.database, contested, client, "F2026-000003", MORNING)
    taken = {"status": "to_answer", "is_inquiry": False, "reason": "fraudulent", "amount_cents": 3000}
    insert(
        api.database,
        "chargebacks",
        reference="du_1",
        invoice="F2026-000003",
        ticket=contested,
        opened_at=MORNING,
        **taken,
    )
    page = await page_of(api, technician, "/gain")
    assert "64,00 € hors taxes, acquis ce mois-ci" in page.text
    assert "Prochain virement 16,00 € hors taxes" in page.text
    for words in (
        "À verser 16,00 €",
        "Retenu demande suspendue 16,00 €",
        "Retenu remboursement à l’étude 24,00 €",
        "Retenu paiement contesté à la banque du client 8,00 €",
    ):
        assert words in page.text
    assert f"/interventions/{suspended}" in page.links()


async def test_what_is_not_accepted_is_told_apart(api: Frontend, client: str, technician: str) -> None:
    reported = a_ticket(api.database, client, technician, status="in_review", start=MORNING - DAY)
    a_session(api.database, reported, technician, MORNING - DAY, MORNING - DAY + HOUR)
    a_report(api.database, reported, technician, MORNING - HOUR)
    over = a_ticket(api.database, client, technician, status="to_report", start=MORNING - HOUR)
    a_session(api.database, over, technician, MORNING - HOUR, MORNING)
    page = await page_of(api, technician, "/gain")
    assert "Aucun gain ce mois-ci pour l’instant" in page.text
    assert "Pas encore accepté" in page.text
    assert "avis du client attendu 16,00 €" in page.text
    assert "compte rendu à écrire à venir" in page.text
    assert "Total estimé : 16,00 € hors taxes." in page.text
    assert "Prochain virement 0,00 €" in page.text


async def test_what_holds_a_transfer_leads_to_the_file(api: Frontend, client: str, technician: str) -> None:
    earned(api, client, technician, cents=400)
    page = await page_of(api, technician, "/gain")
    assert "Sous le minimum, reporté : en dessous de 5,00 €, rien n’est viré" in page.text
    api.database.execute("UPDATE payees SET mandate = NULL, mandate_signed_at = NULL")
    page = await page_of(api, technician, "/gain")
    assert "Vos virements sont retenus Mandat d’autofacturation à signer." in page.text
    assert "/dossier" in page.links()


async def test_months_and_the_next_run(api: Frontend, client: str, technician: str) -> None:
    page = await page_of(api, technician, "/gain?mois=2026-10")
    assert "Aucun gain en octobre 2026" in page.text
    assert {"/gain?mois=2026-09", "/gain?mois=2026-11"} <= set(page.links())
    api.clock.now = datetime(2026, 12, 1, 1, tzinfo=PARIS)
    page = await page_of(api, technician, "/gain")
    assert "Mardi 1er décembre 2026" in page.text
    api.clock.advance(hours=3)
    assert "Vendredi 1er janvier 2027" in (await page.open("/gain")).text
    wrong = await a_visitor(api, technician).open("/gain?mois=2026-13")
    assert wrong.answer.status_code == 422
    looks_right(wrong.answer)


async def test_a_statement_its_transfer_and_its_contest(api: Frontend, client: str, technician: str) -> None:
    number = earned(api, client, technician)
    [(gain,)] = api.database.rows("SELECT id::text FROM gains")
    a_statement(api.database, technician, [gain], "paid", cents=1600, transfer="tr_1", paid_at=MORNING)
    [(statement,)] = api.database.rows("SELECT number FROM statements")
    own = f"/gain/releves/{statement}"
    gains = await page_of(api, technician, "/gain")
    assert "Versé" in gains.text
    assert own in gains.links()
    statements = await page_of(api, technician, "/gain/releves")
    assert own in statements.links()
    assert "Novembre 2026 Viré" in statements.text
    page = await page_of(api, technician, own)
    assert f"/v1/statements/{statement}.pdf" in page.links()
    assert "Vous pouvez la contester jusqu’au jeudi 24 décembre 2026." in page.text
    contest = await page_of(api, technician, f"{own}/contester")
    await contest.send(contest.path, text="x", tickets=number)
    assert contest.answer.status_code == 422
    assert contest.wrong() == {"text": "Écrivez au moins 3 caractères."}
    assert contest.form(contest.path) | {"key": ""} == {"key": "", "tickets": number, "text": "x"}
    api.clock.advance(hours=31 * 24)
    contest = await a_visitor(api, technician).open(f"{own}/contester")
    assert (contest.answer.status_code, contest.title) == (409, "Ce n’est plus possible")
    other = a_visitor(api, a_technician(api.database, name="Nadia Benali"))
    assert (await other.open(own)).answer.status_code == 404
