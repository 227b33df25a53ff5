"""One person's page, by role: what is shown, and what the team does from it."""

from datetime import date, timedelta

import pytest

from tests.api.desks.visitor import Visitor, a_visitor, looks_right, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_card, a_ticket, insert
from tests.api.told import entries
from tests.support.people import a_client, a_person, a_technician
from tests.support.second_factors import an_authenticator

DAY = timedelta(days=1)
IBAN = "FR1420041010050500013M02606"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def back_office(api: Frontend) -> str:
    return a_person(api.database, "back_office", "Sophie Roux")


@pytest.fixture
def technician(api: Frontend) -> str:
    return a_technician(api.database, "internet", account="acct_1")


async def test_a_client_and_what_holds_up_their_leaving(api: Frontend, back_office: str) -> None:
    database = api.database
    client, technician = a_client(database), a_technician(database)
    a_card(database, client)
    database.execute("UPDATE cards SET label = 'visa 4242'")
    tickets = [
        a_ticket(database, client, technician, start=MORNING + n * DAY, opened_at=MORNING - (30 - n) * DAY)
        for n in range(17)
    ]
    insert(
        database,
        "erasures",
        person_id=client,
        actor_id=back_office,
        key="k",
        asked_by="phone",
        asked_at=MORNING - DAY,
        due_at=MORNING + 29 * DAY,
    )
    page = await page_of(api, back_office, f"/personnes/{client}")
    assert page.title == "Claire Petit"
    for words in (
        "Visa se terminant par 4242",
        "Conditions d’utilisation, lundi 5 janvier 2026",
        "Suppression demandée",
        "Délai pour changer d’avis. Demandée hier à 9 h, par téléphone. Au plus tôt le mercredi 23 décembre",
        "Demande en cours n° ",
    ):
        assert words in page.text, words
    assert {f"/v1/people/{client}/export.{kind}" for kind in ("pdf", "json")} <= set(page.links())
    listed = [link for link in page.links() if link.startswith("/dossiers/")]
    assert listed[:15] == [f"/dossiers/{number}" for number in reversed(tickets[2:])]
    [more] = [link for link in page.links() if "suite=" in link]
    page = await page_of(api, back_office, more)
    assert f"/dossiers/{tickets[0]}" in page.links()
    assert entries(api) == [(back_office, "person", client, None)]


async def test_a_technician_is_made_ready_and_vetted(
    api: Frontend, back_office: str, technician: str
) -> None:
    database, path = api.database, f"/personnes/{technician}"
    database.execute("UPDATE technicians SET vetted_at = NULL")
    database.execute("UPDATE payees SET vigilance_until = NULL, legal_name = NULL, siren = NULL")
    database.execute("DELETE FROM technician_skills")
    page = await page_of(api, back_office, path)
    for words in ("Identité professionnelle", "Attestation de vigilance en cours", "Sans attestation"):
        assert words in page.text, words
    assert f"{path}/agrement" not in page.actions()
    await page.send(f"{path}/competences", **{"niveau-internet": "3", "niveau-printer": "7"})
    assert page.answer.status_code == 422
    looks_right(page.answer)
    assert page.wrong() == {"niveau-printer": "La plus grande valeur possible est 3."}
    assert "Imprimante et scanner : la plus grande" in page.text
    assert page.form(f"{path}/competences")["niveau-internet"] == "3"
    await page.send(f"{path}/competences", **{"niveau-printer": ""})
    assert "Les compétences sont enregistrées." in page.text
    assert database.rows("SELECT skill, level FROM technician_skills") == [("internet", 3)]
    await page.send(f"{path}/attestation", vigilance_until="demain")
    assert page.answer.status_code == 422
    assert set(page.wrong()) == {"vigilance_until"}
    assert page.form(f"{path}/competences")["niveau-internet"] == "3"
    await page.send(f"{path}/attestation", vigilance_until="2027-05-31")
    assert database.rows("SELECT vigilance_until FROM payees") == [(date(2027, 5, 31),)]
    await page.open(f"{path}/identite")
    looks_right(page.answer)
    await page.send(f"{path}/identite", legal_name="Thomas Leroy EI", siren="123")
    assert set(page.wrong()) == {"siren"}
    await page.send(f"{path}/identite", siren="732829320", is_company="false")
    assert page.path == path
    assert database.rows("SELECT legal_name, siren, is_company, city FROM payees") == [
        ("Thomas Leroy EI", "732829320", False, "Lyon")
    ]
    await page.send(f"{path}/agrement")
    assert "il est proposé aux clients dès maintenant" in page.text
    assert database.rows("SELECT vetted_by::text FROM technicians") == [(back_office,)]
    kinds = [kind for _, kind, subject, _ in entries(api) if subject == technician]
    assert kinds == [
        *("person", "skills_set", "papers_recorded", "payee", "identity_set", "technician_vetted"),
    ]


async def test_leave_the_bank_and_suspending(api: Frontend, back_office: str, technician: str) -> None:
    database, path = api.database, f"/personnes/{technician}"
    database.execute("INSERT INTO working_hours VALUES (%s, 1, '09:30', '12:00')", technician)
    wanted = "UPDATE payees SET wanted_rail = 'sepa', wanted_iban = %s, wanted_at = %s"
    database.execute(wanted, IBAN, MORNING)
    a_ticket(database, a_client(database), technician)
    page = await page_of(api, back_office, path)
    for words in ("Mardi 9 h 30 – 12 h", "FR14 … 2606", "n° "):
        assert words in page.text, words
    await page.send(f"{path}/conges", from_day="2026-12-31", to_day="2026-12-24")
    assert page.answer.status_code == 422
    looks_right(page.answer)
    assert page.form(f"{path}/conges")["to_day"] == "2026-12-24"
    await page.send(f"{path}/conges", from_day="2026-12-24", to_day="2026-12-31")
    assert "Du jeudi 24 décembre 2026 au jeudi 31 décembre 2026" in page.text
    [leave] = [one for one in page.actions() if one.startswith(f"{path}/conges/")]
    await page.send(leave)
    assert database.rows("SELECT count(*) FROM leaves") == [(0,)]
    await page.send(f"{path}/banque/refuser")
    assert "Changement de banque à confirmer" not in page.text
    database.execute(wanted, IBAN, MORNING)
    await page.open(path)
    await page.send(f"{path}/banque/confirmer")
    assert database.rows("SELECT rail, iban, wanted_at FROM payees") == [("sepa", IBAN, None)]
    await page.send(f"{path}/suspendre")
    assert "Suspendu" in page.text
    assert database.rows("SELECT active FROM people WHERE id = %s", technician) == [(False,)]
    await page.send(f"{path}/retablir")
    assert database.rows("SELECT active FROM people WHERE id = %s", technician) == [(True,)]


async def test_what_was_settled_meanwhile_is_told(api: Frontend, back_office: str, technician: str) -> None:
    path = f"/personnes/{technician}"
    api.database.execute(
        "UPDATE payees SET wanted_rail = 'sepa', wanted_iban = %s, wanted_at = %s", IBAN, MORNING
    )
    page = await page_of(api, back_office, path)
    api.database.execute("UPDATE payees SET wanted_rail = NULL, wanted_iban = NULL, wanted_at = NULL")
    await page.send(f"{path}/banque/confirmer")
    assert page.answer.status_code == 409
    looks_right(page.answer)
    assert "Aucun changement de coordonnées bancaires n’attend." in page.text


async def test_a_colleague_and_oneself(api: Frontend, back_office: str) -> None:
    database = api.database
    paul = a_person(database, "finance", "Paul Morel")
    an_authenticator(database, paul, SECRET, MORNING - DAY)
    path = f"/personnes/{paul}"
    page = await page_of(api, back_office, path)
    assert "Application d’authentification enregistrée le lundi 23 novembre 2026." in page.text
    await page.send(f"{path}/role", role="back_office")
    assert "Le rôle est changé." in page.text
    await page.send(f"{path}/role", role="client")
    assert page.answer.status_code == 422
    assert "role" in page.wrong()
    await page.send(f"{path}/second-facteur")
    assert "Aucune application d’authentification" in page.text
    await page.send(f"{path}/fermer")
    assert "Compte fermé" in page.text
    await page.send(f"{path}/rouvrir")
    assert database.rows("SELECT role, active FROM people WHERE id = %s", paul) == [("back_office", True)]
    page = await page_of(api, back_office, f"/personnes/{back_office}")
    assert page.actions() == []
    acts = [kind for _, kind, subject, _ in entries(api) if subject == paul]
    assert acts == [
        *("person", "colleague_role_set", "second_factor_reset", "colleague_closed", "colleague_reopened")
    ]


async def test_who_was_erased_and_nobody(api: Frontend, back_office: str) -> None:
    client = a_client(api.database)
    insert(
        api.database,
        "erasures",
        person_id=client,
        actor_id=client,
        key="k",
        asked_by="person",
        asked_at=MORNING - 40 * DAY,
        due_at=MORNING - 10 * DAY,
        erased_at=MORNING - DAY,
        kept_records=2,
    )
    page = await page_of(api, back_office, f"/personnes/{client}")
    assert "Compte supprimé le lundi 23 novembre 2026. La comptabilité garde 2 documents" in page.text
    assert page.actions() == []
    nobody: Visitor = await a_visitor(api, back_office).open(
        "/personnes/019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11"
    )
    assert nobody.answer.status_code == 404
