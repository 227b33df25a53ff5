"""The payouts of a month, read from rows: what was paid, refused, is unknown; the preview; what is held."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from api.desks import live
from api.errors import Problem
from api.processes import RunStarted, Workflows
from db.askers import Asker, known
from db.reads.watching import version_of_payouts
from domain.errors import Refusal
from domain.payouts import PayoutRunProgress, PayoutRunRequest, TechnicianPaid
from tests.api.desks.finance.months import NOVEMBER, Business, a_business
from tests.api.desks.visitor import a_visitor, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_gain, a_ticket, insert
from tests.api.test_reading_money import a_statement
from tests.support.people import a_person, a_submission

NOVEMBER_RUNS = "/virements/2026-11"


def a_run(api: Frontend, actor: str = "schedule", n: int = 1, **more: Any) -> None:
    run = {"key": f"run {n}", "month": "2026-11", "n": n, "actor_id": actor, "cut_off": MORNING}
    insert(api.database, "payout_runs", **run, started_at=MORNING, **more)


def statements(api: Frontend, business: Business) -> None:
    """One paid, one refused, and one of which nobody knows."""
    states: tuple[tuple[str, dict[str, Any]], ...] = (
        ("paid", {"rail": "stripe", "transfer": "tr_1", "paid_at": MORNING, "attempts": 1}),
        ("failed", {"rail": "sepa", "failure": "AC04", "attempts": 2}),
        ("to_send", {"rail": "stripe"}),
    )
    for n, (status, more) in enumerate(states, 1):
        ticket = a_ticket(api.database, business.client, business.thomas, status="invoiced")
        gain = a_gain(api.database, ticket, business.thomas, NOVEMBER, 800 * n)
        a_statement(api.database, business.thomas, [gain], status, cents=800 * n, n=n, **more)


async def test_a_month_without_runs(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    page = await page_of(api, finance, "/virements")
    assert page.title == "Virements d’octobre 2026"
    assert "Aucun relevé pour ce mois" in page.text
    assert "Les virements d’un mois sont lancés d’eux-mêmes le 1er du mois suivant, à 3 h." in page.text
    assert page.actions() == ["/virements/2026-10/lancer"]
    page = await page_of(api, finance, NOVEMBER_RUNS)
    assert "seuls les gains acquis jusqu’à maintenant seraient versés" in page.text
    for path in (f"{NOVEMBER_RUNS}/apercu", f"{NOVEMBER_RUNS}/releves", "/contestations", "/retenues"):
        await page_of(api, finance, path)


async def test_each_statement_says_what_became_of_its_transfer(api: Frontend) -> None:
    business = a_business(api.database)
    statements(api, business)
    reason = a_submission(api.database, business.finance, "payout_reason", reason="Compte complété.")
    a_run(api, finished_at=MORNING)
    a_run(api, business.finance, 2, finished_at=MORNING, reason_id=reason)
    page = await page_of(api, business.finance, NOVEMBER_RUNS)
    for words in (
        "Viré (1) 8,00 € À envoyer (1) 24,00 € À relancer (1) 16,00 €",
        "Virement refusé Compte du technicien clos",
        "Un virement dont l’issue est inconnue",
        "Lancé par Louise Caron, aujourd’hui à 9 h.",
        "Compte complété.",
        "Programmé, aujourd’hui à 9 h.",
        "Le détail du dernier lancement ne peut pas être lu pour l’instant",
    ):
        assert words in page.text
    shown = page.form(f"{NOVEMBER_RUNS}/lancer")
    assert shown["technician_id"] == ""
    listed = await page_of(api, business.finance, f"{NOVEMBER_RUNS}/releves")
    assert "3 relevés, 48,00 € à virer en tout" in listed.text
    numbers = [link for link in listed.links() if link.endswith(".pdf")]
    assert len(numbers) == 3
    other = await page_of(api, business.finance, f"{NOVEMBER_RUNS}/releves?technicien={business.nadia}")
    assert "Aucun relevé pour ce mois" in other.text


async def test_a_transfer_that_waits_for_money_is_refused_by_nobody(api: Frontend) -> None:
    business = a_business(api.database)
    ticket = a_ticket(api.database, business.client, business.thomas, status="invoiced")
    gain = a_gain(api.database, ticket, business.thomas, NOVEMBER, 800)
    waits: dict[str, Any] = {"rail": "stripe", "failure": "balance_insufficient", "attempts": 1}
    a_statement(api.database, business.thomas, [gain], "failed", cents=800, **waits)
    page = await page_of(api, business.finance, NOVEMBER_RUNS)
    assert "Virement en attente de fonds En attente de l’encaissement des factures" in page.text
    assert "efusé" not in page.text


async def test_an_open_run_says_how_far_it_is(api: Frontend, monkeypatch: pytest.MonkeyPatch) -> None:
    business = a_business(api.database)
    statements(api, business)
    a_run(api)
    page = await page_of(api, business.finance, NOVEMBER_RUNS)
    # The run may only be waiting for its answer.
    assert "ssue inconnue" not in page.text
    assert "Leur avancement ne peut pas être lu pour l’instant" in page.text
    assert page.actions() == []

    async def progress(*_: Any) -> PayoutRunProgress:
        done = (TechnicianPaid(business.thomas, 1600), TechnicianPaid(business.nadia, 0, "mandate_missing"))
        return PayoutRunProgress(1, 3, done, MORNING + timedelta(days=7))

    monkeypatch.setattr(Workflows, "payout_progress", progress)
    page = await page_of(api, business.finance, NOVEMBER_RUNS)
    for words in (
        "2 techniciens sur 3",
        "Envoyé jusqu’ici : 16,00 €.",
        "au plus tard jusqu’à mardi 1er décembre à 9 h",
        "Nadia Benali : mandat d’autofacturation à signer",
    ):
        assert words in page.text
    monkeypatch.setattr(live, "LOOKS_EVERY", timedelta(milliseconds=1))
    monkeypatch.setattr(live, "LASTS", timedelta(milliseconds=1))
    await page.open(f"{NOVEMBER_RUNS}/suivi")
    assert "event: version\ndata: 1-0-" in page.answer.text


async def test_a_run_beside_another_is_refused_in_the_form(
    api: Frontend, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def another(*_: Any) -> RunStarted:
        raise Problem(Refusal.RUN_IN_PROGRESS)

    monkeypatch.setattr(Workflows, "run_payouts", another)
    visitor = await a_visitor(api, a_person(api.database, "finance")).open(NOVEMBER_RUNS)
    await visitor.send(f"{NOVEMBER_RUNS}/lancer", reason="Fin du mois.")
    assert visitor.answer.status_code == 409
    assert "Une campagne de virements de ce mois est déjà en cours." in visitor.text
    assert visitor.form(f"{NOVEMBER_RUNS}/lancer")["reason"] == "Fin du mois."


async def test_what_a_run_does_changes_the_word_that_pages_follow(api: Frontend) -> None:
    business = a_business(api.database)

    async def version() -> str:
        async with api.given.sessions() as session:
            return await version_of_payouts(session, "2026-11")

    known(Asker(business.finance, "finance"))
    seen = [await version()]
    changes: tuple[Callable[[], None], ...] = (
        lambda: a_run(api),
        lambda: statements(api, business),
        lambda: api.database.execute("UPDATE payouts SET attempts = attempts + 1 WHERE status = 'failed'"),
        lambda: api.database.execute("UPDATE payout_runs SET finished_at = started_at"),
    )
    for change in changes:
        assert await version() == seen[-1]
        change()
        seen.append(await version())
    assert len(set(seen)) == 5


async def test_a_second_run_needs_a_reason(api: Frontend) -> None:
    finance = a_person(api.database, "finance")
    a_run(api, finished_at=MORNING)
    visitor = await a_visitor(api, finance).open(NOVEMBER_RUNS)
    await visitor.send(f"{NOVEMBER_RUNS}/lancer", reason="  ")
    assert (visitor.answer.status_code, visitor.wrong()) == (422, {"reason": "Ce champ est obligatoire."})
    # Temporal is away: the same request may be sent again under its key.
    first = visitor.form(f"{NOVEMBER_RUNS}/lancer")["key"]
    await visitor.send(f"{NOVEMBER_RUNS}/lancer", reason="Compte complété.")
    assert visitor.answer.status_code == 503
    again = visitor.form(f"{NOVEMBER_RUNS}/lancer")
    assert (again["reason"], again["key"]) == ("Compte complété.", first)
    assert api.database.rows("SELECT body FROM submissions WHERE kind = 'payout_reason'") == [
        ({"reason": "Compte complété."},)
    ]
    acts = api.database.rows("SELECT kind, subject, person_id::text FROM accesses WHERE kind = 'payouts_run'")
    assert acts == [("payouts_run", "2026-11", finance)]


async def test_what_a_run_would_do(api: Frontend) -> None:
    business = a_business(api.database)
    page = await page_of(api, business.finance, "/virements/2026-10/apercu")
    for words in (
        "Un lancement maintenant enverrait 16,00 €",
        "À 1 technicien ; 1 autre est retenu.",
        "Thomas Leroy 1 16,00 € sans 16,00 €",
        "Nadia Benali 16,00 € Mandat d’autofacturation à signer.",
    ):
        assert words in page.text
    lines = f"/virements/2026-10/apercu/{business.thomas}"
    assert lines in page.links()
    page = await page_of(api, business.finance, lines)
    assert "05/10/2026 2 16,00 € Total HT 16,00 €" in page.text
    assert "Virement 16,00 €" in page.text
    page = await page_of(api, business.finance, f"/virements/2026-10/apercu/{business.nadia}")
    assert "Rien ne lui serait envoyé Mandat d’autofacturation à signer" in page.text
    assert "Virement 0,00 €" in page.text
    for nobody in (business.client, "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20"):
        assert (await page.open(f"/virements/2026-10/apercu/{nobody}")).answer.status_code == 404


async def test_a_preview_counts_statements_to_send_again_and_what_is_carried_over(api: Frontend) -> None:
    business = a_business(api.database)
    statements(api, business)
    ticket = a_ticket(api.database, business.client, business.nadia, status="invoiced")
    api.database.execute(
        "UPDATE payees SET mandate = 'mandat-2026-01', mandate_signed_at = now() WHERE technician_id = %s",
        business.nadia,
    )
    a_gain(api.database, ticket, business.nadia, NOVEMBER, -2000)
    page = await page_of(api, business.finance, f"{NOVEMBER_RUNS}/apercu")
    assert "Un lancement maintenant enverrait 72,00 €" in page.text
    assert "Thomas Leroy 2 32,00 € sans 40,00 € 72,00 €" in page.text
    assert "Nadia Benali −4,00 € Solde négatif, reporté." in page.text


async def test_what_is_held_and_who_must_act(api: Frontend) -> None:
    business = a_business(api.database)
    database = api.database
    database.execute("UPDATE tickets SET status = 'suspended' WHERE number = %s", business.tickets[0])
    database.execute(
        "UPDATE payees SET wanted_rail = 'sepa', wanted_iban = 'FR1420041010050500013M02606', wanted_at = %s "
        "WHERE technician_id = %s",
        *(MORNING, business.thomas),
    )
    page = await page_of(api, business.finance, "/retenues")
    for words in (
        "Nadia Benali 16,00 € en attente Mandat d’autofacturation à signer.",
        "Le technicien signe le mandat depuis son espace.",
        "Changement de coordonnées bancaires, à confirmer par l’équipe.",
        "1 gain, 16,00 € HT.",
        "Demande suspendue, à décider par l’équipe 16,00 €",
    ):
        assert words in page.text
    page = await page_of(api, business.finance, f"/retenues/{business.thomas}")
    for words in (
        "Rien ne peut lui être versé",
        "Virement bancaire SEPA, IBAN FR14 … 2606, demandé aujourd’hui à 9 h.",
        "Gains sans relevé, HT 16,00 €",
        "Compte de paiement Prêt à recevoir des virements",
    ):
        assert words in page.text
    assert (await page.open(f"/retenues/{business.client}")).answer.status_code == 404


async def test_a_form_sent_twice_is_one_run(api: Frontend, monkeypatch: pytest.MonkeyPatch) -> None:
    finance = a_person(api.database, "finance")

    async def started(_: Workflows, request: PayoutRunRequest) -> RunStarted:
        run = {"key": request.key, "month": request.month, "n": 1, "actor_id": request.actor_id}
        insert(api.database, "payout_runs", **run, cut_off=MORNING, started_at=MORNING)
        return RunStarted(None)

    async def found(*_: Any) -> RunStarted:
        return RunStarted(None)

    monkeypatch.setattr(Workflows, "run_payouts", started)
    monkeypatch.setattr(Workflows, "follow_payouts", found)
    first, second = [await a_visitor(api, finance).open(NOVEMBER_RUNS) for _ in range(2)]
    key = first.form(f"{NOVEMBER_RUNS}/lancer")["key"]
    for visitor in (first, second):
        await visitor.send(f"{NOVEMBER_RUNS}/lancer", key=key)
        assert "Les virements sont lancés." in visitor.text
    assert len(api.database.rows("SELECT FROM payout_runs")) == 1
