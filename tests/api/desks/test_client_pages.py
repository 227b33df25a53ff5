"""Every page of the client's desk, in every state: whole, in French, and found with few questions."""

from datetime import timedelta

import pytest

from domain.french import typeset
from tests.api.desks.visitor import a_visitor, counted_queries, looks_right, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_card, a_consent, a_report, a_session, a_ticket, an_invoice, insert
from tests.support.people import a_client, a_submission, a_technician

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def client(api: Frontend) -> str:
    return a_client(api.database)


@pytest.fixture
def technician(api: Frontend) -> str:
    return a_technician(api.database)


async def test_before_the_technician_has_confirmed(api: Frontend, client: str, technician: str) -> None:
    number = a_ticket(
        api.database, client, technician, start=MORNING + DAY, opened_at=MORNING - timedelta(hours=1)
    )
    page = await page_of(api, client, f"/demandes/{number}")
    assert page.title == typeset("Votre rendez-vous est pris : demain à 9 h")
    assert "Thomas Leroy doit confirmer le rendez-vous, au plus tard" in page.text
    assert "Sinon : sans confirmation, la demande passe à un autre technicien." in page.text
    assert "Thomas Leroy vous appelle demain à 9 h au 06 12 34 56 78." in page.text
    assert "Le technicien vous dit d’abord ce code : 4071" in page.text
    assert "S’il est juste, vous lui répondez celui-ci : 2958" in page.text
    assert page.links().count("https://anydesk.com/fr/downloads") == 1
    for what in ("accord", "deplacer", "annuler", "retractation"):
        assert f"/demandes/{number}/{what}" in page.links()
    api.clock.advance(hours=2)
    late = await page.open(page.path)
    assert "doit confirmer le rendez-vous, ce qui était attendu aujourd’hui à 10 h." in late.text


async def test_when_it_is_the_clients_turn(api: Frontend, client: str, technician: str) -> None:
    number = a_ticket(api.database, client, technician, start=MORNING + DAY, acknowledged_at=MORNING)
    page = await page_of(api, client, f"/demandes/{number}")
    assert "À vous : donner votre accord pour la prise en main, au plus tard demain à 9 h." in page.text
    assert "Sinon : sans cet accord, la séance ne peut pas commencer." in page.text


async def test_a_session_tells_its_length_and_its_price_so_far(
    api: Frontend, client: str, technician: str
) -> None:
    number = a_ticket(api.database, client, technician, status="in_session", start=MORNING - HOUR)
    a_session(api.database, number, technician, MORNING - timedelta(minutes=19), None)
    page = await page_of(api, client, f"/demandes/{number}")
    for words in (
        "Durée écoulée 19 minutes",
        "Prix à cet instant 30,00 €",
        "Au plus 60,00 €",
        "La durée facturée ne dépasse pas 1 h",
    ):
        assert words in page.text
    assert page.actions() == [f"/demandes/{number}/arreter"]
    api.clock.advance(hours=2)
    assert "Prix à cet instant 60,00 €" in (await page.open(page.path)).text


async def test_under_review_the_price_is_told_line_by_line(
    api: Frontend, client: str, technician: str
) -> None:
    number = a_ticket(api.database, client, technician, status="in_review", start=MORNING - 2 * HOUR)
    a_session(api.database, number, technician, MORNING - 2 * HOUR, MORNING - HOUR)
    a_report(api.database, number, technician, MORNING - HOUR)
    page = await page_of(api, client, f"/demandes/{number}")
    assert "À vous : dire si tout fonctionne" in page.text
    assert "Canal Wi-Fi changé." in page.text
    assert "Durée indiquée par le technicien 25 minutes" in page.text
    assert "1er quart d’heure entamé 15,00 € 2e quart d’heure entamé 15,00 € Total TTC 30,00 €" in page.text
    assert "dont TVA à 20 % 5,00 €" in page.text
    for what in ("avis", "insatisfaction"):
        assert f"/demandes/{number}/{what}" in page.links()


async def test_a_paid_one_has_its_invoice_and_may_still_be_complained_of(
    api: Frontend, client: str, technician: str
) -> None:
    number = a_ticket(api.database, client, technician, status="closed", start=MORNING - DAY)
    a_session(api.database, number, technician, MORNING - DAY, MORNING - DAY + HOUR)
    a_report(api.database, number, technician, MORNING - DAY + HOUR)
    an_invoice(api.database, number, client, "F2026-000123", MORNING - DAY)
    paid = {"status": "paid", "collected_cents": 3000, "paid_at": MORNING - DAY}
    insert(api.database, "payments", invoice="F2026-000123", intent="pi_1", **paid)
    page = await page_of(api, client, f"/demandes/{number}?fait=payee")
    assert page.title == "C’est terminé, et la facture est payée"
    assert "Il nous parvient d’un instant à l’autre" not in page.text
    assert "Votre avis" not in page.text
    assert "Facture F2026-000123" in page.text
    assert f"/demandes/{number}/insatisfaction" in page.links()
    asked = a_submission(api.database, client, "refund", reason="La panne est revenue le soir même.")
    refund = await page_of(api, client, f"/demandes/{number}/insatisfaction")
    assert "l’équipe Omea étudie un remboursement" in refund.text
    case = {"invoice": "F2026-000123", "n": 1, "ticket": number, "status": "open", "submission_id": asked}
    insert(api.database, "refund_cases", **case, opened_by=client, opened_at=MORNING)
    page = await page_of(api, client, f"/demandes/{number}")
    assert "À l’étude Demandé aujourd’hui à 9 h. La panne est revenue le soir même." in page.text
    assert f"/demandes/{number}/insatisfaction" not in page.links()


async def test_a_suspended_one_says_that_nothing_is_billed(
    api: Frontend, client: str, technician: str
) -> None:
    number = a_ticket(api.database, client, technician, status="suspended", start=MORNING - DAY)
    reason = a_submission(api.database, client, "dispute", reason="Toujours <b>en panne</b>.")
    insert(api.database, "disputes", ticket=number, number=1, submission_id=reason, raised_at=MORNING)
    page = await page_of(api, client, f"/demandes/{number}")
    assert page.title == "Votre demande est suspendue\N{NO-BREAK SPACE}: rien n’est facturé"
    assert "L’équipe Omea doit reprendre votre dossier et vous appeler" in page.text
    assert "Toujours <b>en panne</b>." in page.text
    assert f"/demandes/{number}/insatisfaction" not in page.links()


async def test_one_that_ended_without_an_invoice_has_no_price_left(
    api: Frontend, client: str, technician: str
) -> None:
    number = a_ticket(
        api.database, client, technician, status="closed", outcome="waived", start=MORNING - DAY
    )
    a_session(api.database, number, technician, MORNING - DAY, MORNING - DAY + HOUR)
    a_report(api.database, number, technician, MORNING - DAY + HOUR)
    page = await page_of(api, client, f"/demandes/{number}?fait=insatisfaction")
    assert page.title == "C’est terminé, et rien ne vous est facturé"
    assert "Cette séance ne vous est pas facturée." in page.text
    for words in ("Facture", "15,00 € TTC par tranche", "Total TTC", "rien ne vous est débité tant que"):
        assert words not in page.text


async def test_the_pages_of_acts(api: Frontend, client: str, technician: str) -> None:
    coming = a_ticket(api.database, client, technician, start=MORNING + DAY)
    a_consent(api.database, coming, client)
    going_on = a_ticket(api.database, client, technician, status="in_session", start=MORNING - HOUR)
    a_session(api.database, going_on, technician, MORNING - HOUR, None)
    done = a_ticket(api.database, client, technician, status="in_review", start=MORNING - 2 * HOUR)
    a_session(api.database, done, technician, MORNING - 2 * HOUR, MORNING - HOUR)
    a_report(api.database, done, technician, MORNING - HOUR)
    for number, what, words in (
        (coming, "accord", "Je reste devant l’écran pendant toute la séance."),
        (coming, "deplacer", "Mardi 24 novembre 2026"),
        (coming, "annuler", "rien ne vous est facturé"),
        (coming, "retractation", "Je notifie à OmeaSupport ma rétractation du contrat"),
        (going_on, "prolonger", "1 h 15 au plus, soit 75,00 €"),
        (done, "avis", "Si tout fonctionne, votre carte sera débitée de :"),
        (done, "insatisfaction", "suspendue et rien n’est facturé"),
    ):
        page = await page_of(api, client, f"/demandes/{number}/{what}")
        assert words in page.text
        assert f"/demandes/{number}" in page.links()
    shown = await page_of(api, client, f"/demandes/{coming}/accord")
    assert shown.form(shown.path)["anydesk_id"] == "123456789"


async def test_an_act_that_is_not_possible_has_no_form(api: Frontend, client: str, technician: str) -> None:
    number = a_ticket(api.database, client, technician, status="closed")
    for what in ("accord", "deplacer", "annuler", "retractation", "prolonger", "avis"):
        visitor = await a_visitor(api, client).open(f"/demandes/{number}/{what}")
        assert (visitor.answer.status_code, visitor.title) == (409, "Ce n’est plus possible")
        looks_right(visitor.answer)


async def test_a_strangers_request_is_one_that_does_not_exist(api: Frontend, technician: str) -> None:
    number = a_ticket(api.database, a_client(api.database), technician)
    other = a_visitor(api, a_client(api.database, "Paul Girard"))
    for path in (f"/demandes/{number}", "/demandes/00000000", "/demandes/abc", f"/demandes/{number}/avis"):
        await other.open(path)
        assert (other.answer.status_code, other.title) == (404, "Cette page n’existe pas")


async def test_the_three_steps_of_asking(api: Frontend, client: str, technician: str) -> None:
    what = await page_of(api, client, "/demandes/nouvelle")
    assert "Internet et Wi-Fi15,00 € TTC par quart d’heure entamé" in what.text
    assert what.form("/demandes/nouvelle/creneau")["minutes"] == "60"
    when = await page_of(api, client, "/demandes/nouvelle/creneau?competence=internet&minutes=60")
    assert "Mardi 24 novembre 2026" in when.text
    who = await page_of(api, client, "/demandes/nouvelle/coordonnees?competence=internet&minutes=60")
    assert "Rien n’est débité maintenant" in who.text
    a_card(api.database, client)
    who = await page_of(api, client, "/demandes/nouvelle/coordonnees?competence=internet&minutes=60")
    assert "Dès que possible" in who.text
    assert "Je demande expressément que l’intervention commence" in who.text
    for path in ("creneau", "creneau?competence=x'&minutes=60", "coordonnees?competence=internet&minutes=7"):
        assert (await who.open(f"/demandes/nouvelle/{path}")).path == "/demandes/nouvelle"


async def test_ones_account_and_the_way_out(api: Frontend, client: str, technician: str) -> None:
    page = await page_of(api, client, "/compte")
    assert "Claire Petit" in page.text
    assert "Conditions d’utilisation" in page.text
    assert {"/v1/me/export.pdf", "/compte/depart"} <= set(page.links())
    assert "Vous avez 30 jours pour changer d’avis." in (await page_of(api, client, "/compte/depart")).text
    assert "Changer mon nom" not in (await page_of(api, technician, "/compte")).text


async def test_a_list_as_long_as_it_likes_takes_as_few_questions(
    api: Frontend, client: str, technician: str
) -> None:
    visitor = a_visitor(api, client)
    counts = set()
    for many in (1, 30):
        for at in range(many):
            opened = MORNING - timedelta(minutes=at)
            a_ticket(api.database, client, technician, status="closed", opened_at=opened)
        with counted_queries(api) as asked:
            await visitor.open("/demandes")
        counts.add(len(asked))
    assert counts == {2}
    [older] = [link for link in visitor.links() if "suite=" in link]
    assert len([one for one in (await visitor.open(older)).links() if one.startswith("/demandes/")]) == 12
