"""The page of an intervention, in every state: whole, in French, and found with few questions."""

from datetime import timedelta

import pytest

from tests.api.desks.visitor import a_visitor, looks_right, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_consent, a_gain, a_report, a_session, a_ticket, insert
from tests.support.people import a_client, a_submission, a_technician

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def client(api: Frontend) -> str:
    return a_client(api.database)


@pytest.fixture
def technician(api: Frontend) -> str:
    return a_technician(api.database)


async def test_one_to_confirm_says_nothing_of_the_client(api: Frontend, client: str, technician: str) -> None:
    number = a_ticket(api.database, client, technician, start=MORNING + DAY, opened_at=MORNING)
    page = await page_of(api, technician, f"/interventions/{number}")
    assert page.title == "Rendez-vous demain à\N{NO-BREAK SPACE}9\N{NO-BREAK SPACE}h, à confirmer"
    assert "À vous : confirmer le rendez-vous ou le décliner, au plus tard aujourd’hui à 11 h." in page.text
    assert "Sinon : sans confirmation, la demande passe à un autre technicien." in page.text
    assert "s’affichent ici demain à 8 h 45" in page.text
    assert "8,00 € hors taxes par quart d’heure entamé" in page.text
    assert page.actions() == [f"/interventions/{number}/confirmer"]
    for told in ("Claire Petit", "06 12 34 56 78", "4071", "2958"):
        assert told not in page.answer.text.replace("\N{NO-BREAK SPACE}", " ")


async def test_near_its_hour_the_client_can_be_called(api: Frontend, client: str, technician: str) -> None:
    number = a_ticket(
        api.database, client, technician, start=MORNING + 15 * MINUTE, acknowledged_at=MORNING - HOUR
    )
    page = await page_of(api, technician, f"/interventions/{number}")
    assert "Claire Petit" in page.text
    assert "tel:+33612345678" in page.links()
    assert "Dites d’abord ce code au client : 4071" in page.text
    assert "Le client n’a pas encore donné son accord" in page.text
    assert page.actions() == [f"/interventions/{number}/appel"]
    a_consent(api.database, number, client)
    page = await page_of(api, technician, f"/interventions/{number}")
    assert page.actions() == [f"/interventions/{number}/{act}" for act in ("appel", "commencer")]
    assert "Son adresse AnyDesk : 123 456 789" in page.text
    assert "2958" not in page.text
    [(kind,)] = api.database.rows("SELECT kind FROM accesses WHERE person_id = %s", technician)
    assert kind == "client_contact"


async def test_a_session_tells_its_length_against_what_was_accepted(
    api: Frontend, client: str, technician: str
) -> None:
    number = a_ticket(api.database, client, technician, status="in_session", start=MORNING - HOUR)
    a_consent(api.database, number, client)
    a_session(api.database, number, technician, MORNING - 19 * MINUTE, None)
    page = await page_of(api, technician, f"/interventions/{number}")
    assert "Durée écoulée 19 minutes Acceptée par le client 1 h Il reste 41 minutes" in page.text
    assert page.actions() == [f"/interventions/{number}/terminer"]
    api.clock.advance(minutes=45)
    page = await page_of(api, technician, f"/interventions/{number}")
    assert "Il reste 0 minute" in page.text
    assert "La durée acceptée est atteinte" in page.text


async def test_the_result_of_the_review_and_of_the_ruling(
    api: Frontend, client: str, technician: str
) -> None:
    number = a_ticket(api.database, client, technician, status="in_review", start=MORNING - 2 * HOUR)
    a_session(api.database, number, technician, MORNING - 2 * HOUR, MORNING - HOUR)
    a_report(api.database, number, technician, MORNING - HOUR)
    page = await page_of(api, technician, f"/interventions/{number}")
    assert "Le client doit dire si tout fonctionne, au plus tard" in page.text
    assert "16,00 € hors taxes, estimation" in page.text
    assert "06 12 34 56 78" not in page.text

    closed = a_ticket(api.database, client, technician, status="closed", start=MORNING - DAY)
    a_session(api.database, closed, technician, MORNING - DAY, MORNING - DAY + HOUR)
    a_report(api.database, closed, technician, MORNING - DAY + HOUR)
    comment = a_submission(api.database, client, "review", comment="Un peu long, mais tout remarche.")
    insert(api.database, "reviews", ticket=closed, number=1, stars=4, submission_id=comment, given_at=MORNING)
    ruled = a_submission(api.database, client, "ruling", reason="Dix minutes d’attente.")
    insert(
        api.database,
        "rulings",
        ticket=closed,
        number=1,
        kind="reduce",
        minutes=15,
        submission_id=ruled,
        ruled_by=technician,
        ruled_at=MORNING,
    )
    insert(api.database, "gain_rulings", ticket=closed, session=1, ruling=1, kind="reduced", minutes=15)
    a_gain(api.database, closed, technician, MORNING, 800)
    page = await page_of(api, technician, f"/interventions/{closed}")
    for words in (
        "Un peu long, mais tout remarche.",
        "8,00 € hors taxes Acquis aujourd’hui à 9 h.",
        "Décision de l’équipe Omea : gain réduit (15 minutes).",
    ):
        assert words in page.text
    assert "Dix minutes d’attente." not in page.text
    assert "/gain?mois=2026-11" in page.links()


async def test_the_pages_of_acts(api: Frontend, client: str, technician: str) -> None:
    coming = a_ticket(api.database, client, technician, start=MORNING - 5 * MINUTE, acknowledged_at=MORNING)
    over = a_ticket(api.database, client, technician, status="to_report", start=MORNING - HOUR)
    a_session(api.database, over, technician, MORNING - HOUR, MORNING - 36 * MINUTE)
    for number, what, words in (
        (coming, "decliner", "Elle passe aussitôt au technicien suivant"),
        (coming, "absence", "le dernier au moins 15 minutes après le premier"),
        (coming, "incident", "L’équipe reçoit votre message aussitôt."),
        (over, "compte-rendu", "Mesurée par le service : 24 minutes."),
    ):
        page = await page_of(api, technician, f"/interventions/{number}/{what}")
        assert words in page.text
        assert f"/interventions/{number}" in page.links()
    assert page.form(page.path)["declared_minutes"] == "24"


async def test_an_act_that_is_not_possible_has_no_form(api: Frontend, client: str, technician: str) -> None:
    number = a_ticket(api.database, client, technician, status="closed")
    for what in ("decliner", "absence", "incident", "compte-rendu"):
        visitor = await a_visitor(api, technician).open(f"/interventions/{number}/{what}")
        assert (visitor.answer.status_code, visitor.title) == (409, "Ce n’est plus possible")
        looks_right(visitor.answer)


async def test_an_intervention_of_another_is_one_that_does_not_exist(
    api: Frontend, client: str, technician: str
) -> None:
    number = a_ticket(api.database, client, a_technician(api.database, name="Nadia Benali"))
    visitor = a_visitor(api, technician)
    for path in (f"/interventions/{number}", "/interventions/00000000", f"/interventions/{number}/incident"):
        await visitor.open(path)
        assert (visitor.answer.status_code, visitor.title) == (404, "Cette page n’existe pas")
