"""A ticket's case file, in every state: whole, in French, with few questions, and entered as read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.app import create_app
from domain.tickets import Status
from tests.api.desks.back_office.test_queues import an_act
from tests.api.desks.visitor import a_visitor, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_consent, a_report, a_session, a_ticket, an_invoice, insert
from tests.support.people import a_client, a_person, a_submission, a_technician

HOUR = timedelta(hours=1)


@pytest.fixture
def back_office(api: Frontend) -> str:
    return a_person(api.database, "back_office", "Sophie Roux")


@pytest.mark.parametrize("status", Status)
async def test_it_is_whole_in_every_state(api: Frontend, back_office: str, status: Status) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    number = a_ticket(api.database, client, technician, status=status.value, start=MORNING - HOUR)
    page = await page_of(api, back_office, f"/dossiers/{number}")
    assert page.title.replace("\N{NO-BREAK SPACE}", " ") == f"Dossier n° {number[:4]} {number[4:]}"
    assert "Plus de Wi-Fi dans la chambre" in page.text
    assert "Client Claire Petit" in page.text
    # Where to ring the client is their technician's, for an hour.
    assert "06 12 34 56 78" not in page.text
    [(kind, subject)] = api.database.rows("SELECT kind, subject FROM accesses")
    assert (kind, subject) == ("ticket", number)


async def test_everything_that_happened_is_told_in_words(api: Frontend, back_office: str) -> None:
    database = api.database
    client, technician = a_client(database), a_technician(database)
    other = a_technician(database, name="Nadia Faure")
    number = a_ticket(
        database,
        client,
        technician,
        status="suspended",
        start=MORNING - 2 * HOUR,
        assignment={technician: "chosen", other: "on_leave"},
    )
    a_consent(database, number, client, MORNING - 2 * HOUR)
    a_session(database, number, technician, MORNING - 2 * HOUR, MORNING - HOUR)
    a_report(database, number, technician, MORNING - HOUR)
    reason = a_submission(database, client, "dispute", reason="L’imprimante ne marche toujours pas.")
    insert(
        database,
        "disputes",
        ticket=number,
        number=1,
        submission_id=reason,
        raised_at=MORNING,
    )
    an_act(api, number, "system", "system", "book", "requested", "scheduled", MORNING - 5 * HOUR)
    an_act(api, number, technician, "technician", "report", "to_report", "in_review", MORNING - HOUR)
    an_act(api, number, client, "client", "dispute", "in_review", "suspended", MORNING)
    an_act(api, number, "system", "system", "something_new", "suspended", "suspended", MORNING)
    page = await page_of(api, back_office, f"/dossiers/{number}")
    for words in (
        "Équipe Omea : reprendre la demande, avant aujourd’hui à 13 h",
        "Technicien réservé",
        "OmeaSupport",
        "Compte rendu déposé",
        "Thomas Leroy",
        "Insatisfaction signalée",
        "avis attendu → suspendue",
        "Étape enregistrée",
        "Nadia Faure est en congé",
        "L’imprimante ne marche toujours pas.",
        "Canal Wi-Fi changé.",
        "Durée déclarée 25 minutes",
    ):
        assert words in page.text, words
    assert f"/dossiers/{number}/decision" in page.links()
    assert f"/dossiers/{number}/reprise" in page.actions()


async def test_money_that_went_back_and_what_can_be_done(api: Frontend, back_office: str) -> None:
    database = api.database
    client, technician = a_client(database), a_technician(database)
    number = a_ticket(database, client, technician, status="closed", start=MORNING - 50 * HOUR)
    an_invoice(database, number, client, "F2026-000123", MORNING - 48 * HOUR)
    reason = a_submission(database, client, "refund", reason="La panne est revenue le soir même.")
    insert(
        database,
        "refund_cases",
        invoice="F2026-000123",
        n=1,
        ticket=number,
        status="open",
        submission_id=reason,
        opened_by=client,
        opened_at=MORNING,
    )
    insert(
        database,
        "chargebacks",
        reference="du_1",
        invoice="F2026-000123",
        ticket=number,
        status="to_answer",
        is_inquiry=False,
        reason="fraudulent",
        amount_cents=3000,
        opened_at=MORNING,
        answer_by=MORNING + timedelta(days=7),
    )
    page = await page_of(api, back_office, f"/dossiers/{number}")
    for words in (
        "Facture F2026-000123",
        "Total 30,00 € TTC",
        "Remboursement 1",
        "La panne est revenue le soir même.",
        "Réponse avant mardi 1er décembre à 9 h",
        "Équipe Omea : répondre à la banque du client, avant aujourd’hui à 13 h. Sans réponse, elle lui rend",
        "Équipe Omea : décider du remboursement, avant aujourd’hui à 13 h. Le gain du technicien est retenu",
    ):
        assert words in page.text, words
    assert f"/dossiers/{number}/remboursements/1" in page.links()
    ruling = await page_of(api, back_office, f"/dossiers/{number}/remboursements/1")
    assert ruling.choices("kind") == ["whole", "partial", "none"]
    bank = await page_of(api, back_office, f"/dossiers/{number}/contestations/du_1")
    assert bank.actions() == [
        f"/dossiers/{number}/contestations/du_1/{what}" for what in ("reponse", "concession")
    ]
    # What came back waits for somebody, and is by then hours late.
    database.execute("UPDATE refund_cases SET status = 'failed', kind = 'whole'")
    api.clock.now = MORNING + 30 * HOUR
    page = await page_of(api, back_office, f"/dossiers/{number}")
    assert (
        "Équipe Omea : envoyer de nouveau le remboursement, ou noter un virement fait à la main, attendu"
        in page.text
    )
    assert f"/dossiers/{number}/remboursements/1/relance" in page.actions()
    assert f"/dossiers/{number}/remboursements/1/reglement" in page.links()
    # Money that a bank may give back is never sent by hand too.
    database.execute("UPDATE refund_cases SET failure = 'charge_disputed'")
    page = await page_of(api, back_office, f"/dossiers/{number}")
    assert "Équipe Omea : attendre la décision de la banque du client, sans faire de virement" in page.text
    assert f"/dossiers/{number}/remboursements/1/relance" in page.actions()
    assert f"/dossiers/{number}/remboursements/1/reglement" not in page.links()
    database.execute("UPDATE refund_cases SET status = 'refunded'")
    database.execute("UPDATE chargebacks SET status = 'answered'")
    page = await page_of(api, back_office, f"/dossiers/{number}")
    assert "Équipe Omea :" not in page.text
    for absent in ("remboursements/2", "contestations/du_2"):
        answer = await a_visitor(api, back_office).open(f"/dossiers/{number}/{absent}")
        assert answer.answer.status_code == 404


async def test_it_leads_to_its_process_where_the_temporal_ui_has_an_address(
    api: Frontend, back_office: str
) -> None:
    number = a_ticket(api.database, a_client(api.database), a_technician(api.database))
    page = await page_of(api, back_office, f"/dossiers/{number}")
    assert "Temporal" not in page.text
    api.http._transport.app = create_app(  # type: ignore[attr-defined]
        replace(api.given, temporal_ui="https://temporal.example/namespaces/omea")
    )
    page = await page_of(api, back_office, f"/dossiers/{number}")
    assert f"https://temporal.example/namespaces/omea/workflows/ticket%2F{number}" in page.links()


@pytest.mark.parametrize(
    "act", ["technicien", "horaire", "annulation", "decision", "seance-gratuite", "litige", "abandon"]
)
async def test_a_form_that_could_only_be_refused_is_not_shown(
    api: Frontend, back_office: str, act: str
) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    number = a_ticket(api.database, client, technician, status="closed", outcome="waived")
    answer = await a_visitor(api, back_office).open(f"/dossiers/{number}/{act}")
    assert answer.answer.status_code == 409
    assert (await a_visitor(api, back_office).open(f"/dossiers/00000000/{act}")).answer.status_code == 404
