"""Finance pays a month from its pages, with the whole service behind them."""

from domain.opening_hours import paris_month
from tests.api.desks.visitor import a_visitor, page_of
from tests.api.frontend import open_frontend
from tests.api.service import DETAILS, Service
from tests.api.test_payout_runs import a_gain_of_an_hour_ago, cancel_runs
from tests.support.people import a_technician


async def test_a_month_is_run_answered_and_taken_back(service: Service) -> None:
    database, month = service.database, paris_month(service.api.clock())
    account = await service.payments.open_account(service.technician, DETAILS)
    database.execute(
        "UPDATE technicians SET account_reference = %s WHERE id = %s", account, service.technician
    )
    await service.fund()
    gain = a_gain_of_an_hour_ago(service)
    own = f"/virements/{month}"
    visitor = await a_visitor(service.api, service.finance).open(own)
    await visitor.send(f"{own}/lancer")
    for _ in range(10):
        # On a busy machine the first page only says that it has begun.
        if database.rows("SELECT FROM payout_runs WHERE finished_at IS NOT NULL"):
            break
        await visitor.open(own)
    page = await page_of(service.api, service.finance, own)
    assert "Viré (1) 16,00 €" in page.text
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
    assert visitor.answer.status_code == 200, visitor.text
    assert "Votre réponse est enregistrée" in visitor.text
    assert database.rows("SELECT outcome, answered_by::text FROM statement_contests") == [
        ("maintained", service.finance)
    ]

    await visitor.send(f"/releves/{number}/reprise", reason="Versé deux fois par erreur.")
    assert "Le virement est repris" in visitor.text
    assert database.rows("SELECT status, failure FROM payouts") == [("failed", "transfer_reversed")]
    assert "Versé deux fois par erreur." in visitor.text

    await visitor.open(own)
    await visitor.send(f"{own}/lancer", technician_id=service.technician, reason="À refaire.")
    assert "Les virements sont lancés" in visitor.text
    assert database.rows("SELECT month, n FROM payout_runs ORDER BY n") == [(month, 1), (month, 2)]


async def test_who_cannot_be_paid_is_told_with_the_reason(service: Service) -> None:
    """And nobody works on the other queue, so that its run stays open."""
    month = paris_month(service.api.clock())
    await cancel_runs(service, month)
    zoe = a_technician(service.database, name="Zoé Blanc")
    service.database.execute("UPDATE tickets SET technician_id = %s", zoe)
    a_gain_of_an_hour_ago(service)
    service.database.execute("UPDATE technicians SET account_reference = NULL")
    own = f"/virements/{month}"
    visitor = await a_visitor(service.api, service.finance).open(own)
    await visitor.send(f"{own}/lancer", reason="Fin du mois.")
    page = await page_of(service.api, service.finance, own)
    assert "Non payés par ce lancement" in page.text
    assert "coordonnées bancaires à compléter" in page.text

    temporal = service.environment.client
    async with open_frontend(service.database, temporal, clock=service.api.clock) as unmanned:
        visitor = await a_visitor(unmanned, service.finance).open(own)
        await visitor.send(f"{own}/lancer", reason="Encore.")
        await visitor.send(f"{own}/lancer", reason="Et encore.")
        assert visitor.answer.status_code == 409
        assert "Une campagne de virements de ce mois est déjà en cours." in visitor.text
        assert visitor.form(f"{own}/lancer")["reason"] == "Et encore."
    await cancel_runs(service, month)
