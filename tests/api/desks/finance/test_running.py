"""Finance pays a month from its pages, with the whole service behind them."""

import pytest

from domain.opening_hours import paris_month
from tests.api.desks.visitor import a_visitor, page_of
from tests.api.rows import a_gain, a_ticket
from tests.api.service import DETAILS, Service
from tests.api.test_payout_runs import a_gain_of_an_hour_ago, cancel_runs
from tests.support.people import a_technician


@pytest.mark.pays
async def test_a_month_is_run_answered_taken_back_and_run_again(service: Service) -> None:
    database, month = service.database, paris_month(service.api.clock())
    await cancel_runs(service, month)
    account = await service.payments.open_account(service.technician, DETAILS)
    database.execute(
        "UPDATE technicians SET account_reference = %s WHERE id = %s", account, service.technician
    )
    await service.fund()
    gain = a_gain_of_an_hour_ago(service)
    zoe = a_technician(database, name="Zoé Blanc")
    ticket = a_ticket(database, service.client, zoe, status="invoiced")
    [(accepted_at,)] = database.rows("SELECT accepted_at FROM gains")
    a_gain(database, ticket, zoe, accepted_at)

    own = f"/virements/{month}"
    visitor = await a_visitor(service.api, service.finance).open(own)
    await visitor.send(f"{own}/lancer")
    assert "Les virements sont lancés." in visitor.text
    while not database.rows("SELECT FROM payout_runs WHERE finished_at IS NOT NULL"):
        # On a busy machine the first page only says that it has begun.
        await visitor.open(own)
    page = await page_of(service.api, service.finance, own)
    assert "Viré (1) 16,00 €" in page.text
    assert "Non payés par ce lancement Zoé Blanc : coordonnées bancaires à compléter" in page.text
    [(number, status)] = database.rows(
        "SELECT number, status FROM statements JOIN payouts USING (key) JOIN gain_claims ON statement = key "
        "WHERE gain_id = %s",
        gain,
    )
    assert status == "paid"

    text = {"text": "La séance a duré plus longtemps.", "tickets": []}
    contested = await service.api.post(f"/v1/statements/{number}/contest", service.technician, text)
    assert contested.status_code == 201
    await visitor.open(f"/releves/{number}")
    await visitor.send(f"/releves/{number}/reponse", outcome="maintained", text="Le journal dit vrai.")
    assert "Votre réponse est enregistrée" in visitor.text
    assert database.rows("SELECT outcome, answered_by::text FROM statement_contests") == [
        ("maintained", service.finance)
    ]

    await visitor.send(f"/releves/{number}/reprise", reason="Versé deux fois par erreur.")
    assert "Le virement est repris" in visitor.text
    assert "Versé deux fois par erreur." in visitor.text
    assert database.rows("SELECT status, failure FROM payouts") == [("failed", "transfer_reversed")]

    await visitor.open(own)
    await visitor.send(f"{own}/lancer", technician_id=service.technician, reason="À refaire.")
    assert "Les virements sont lancés." in visitor.text
    assert database.rows("SELECT month, n FROM payout_runs ORDER BY n") == [(month, 1), (month, 2)]
    await cancel_runs(service, month)
