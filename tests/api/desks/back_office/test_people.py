"""The people by kind, found again by name, and those who apply on top."""

from datetime import timedelta

import pytest

from tests.api.desks.visitor import Visitor, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import insert
from tests.api.told import entries
from tests.support.people import a_client, a_person, a_technician

DAY = timedelta(days=1)


@pytest.fixture
def back_office(api: Frontend) -> str:
    return a_person(api.database, "back_office", "Sophie Roux")


def people(page: Visitor) -> list[str]:
    return [link.removeprefix("/personnes/") for link in page.links() if link.startswith("/personnes/0")]


async def test_each_kind_with_what_one_must_know_at_first_sight(api: Frontend, back_office: str) -> None:
    database = api.database
    thomas = a_technician(database, name="Thomas Leroy")
    nadia, paul, luc = (a_technician(database, name=name) for name in ("Nadia Benali", "Paul", "Luc"))
    database.execute("UPDATE technicians SET vetted_at = NULL WHERE id = %s", nadia)
    suspended = "UPDATE technicians SET suspended_at = now(), suspended_by = %s WHERE id = %s"
    database.execute(suspended, back_office, paul)
    database.execute("UPDATE people SET active = false WHERE id = %s", paul)
    database.execute("UPDATE payees SET vigilance_until = '2026-11-30' WHERE technician_id = %s", luc)
    client, gone = a_client(database), a_client(database, "Zoé")
    asked = {"key": "k", "asked_by": "person", "asked_at": MORNING, "due_at": MORNING}
    insert(database, "erasures", person_id=client, actor_id=client, **asked)
    insert(database, "erasures", person_id=gone, actor_id=gone, erased_at=MORNING, **asked | {"key": "other"})
    page = await page_of(api, back_office, "/personnes?sorte=techniciens")
    assert people(page) == [luc, nadia, paul, thomas]
    for words in ("Luc technician", "Nadia Benali technician", "Paul technician"):
        assert words in page.text
    for badge in ("Attestation bientôt expirée", "À agréer", "Suspendu"):
        assert page.text.count(badge) == 1, badge
    page = await page_of(api, back_office, "/personnes")
    assert people(page) == [client]
    assert "Clients 1 Techniciens 4 Équipe 1" in page.text
    assert "Suppression demandée" in page.text
    page = await page_of(api, back_office, "/personnes?sorte=equipe")
    assert people(page) == [back_office]
    assert {kind for _, kind, *_ in entries(api)} == {"people"}


async def test_a_name_is_found_among_many_and_the_list_goes_on(api: Frontend, back_office: str) -> None:
    found = [a_client(api.database, f"Zoé Martin {number:02d}") for number in range(45)]
    other = a_client(api.database, "Marc Petit")
    page = await page_of(api, back_office, "/personnes?q=zoe")
    assert people(page) == found[:40]
    [more] = [link for link in page.links() if "apres=" in link]
    page = await page_of(api, back_office, more)
    assert people(page) == found[40:]
    page = await page_of(api, back_office, "/personnes?q=petit")
    assert people(page) == [other]
    page = await page_of(api, back_office, "/personnes?q=%25%25")
    assert people(page) == []
    assert "Personne de ce nom" in page.text


async def test_those_who_apply_are_on_top_with_their_age(api: Frontend, back_office: str) -> None:
    page = await page_of(api, back_office, "/personnes")
    assert "Candidatures à étudier" not in page.text
    assert "Personne ne s’est encore inscrit." in page.text
    for days in range(7):
        api.database.execute(
            "INSERT INTO applications (name, mail, skills, text, privacy, mail_mark, network_mark, asked_at) "
            "VALUES (%s, 'a@example.fr', '{}', 'Dix ans.', '', '', '', %s)",
            *(f"Luc {days}", MORNING - days * DAY),
        )
    page = await page_of(api, back_office, "/personnes")
    assert "Luc 6 attend depuis 6 jours" in page.text
    assert [name for name in ("Luc 1", "Luc 2") if name in page.text] == ["Luc 2"]
    assert "Et d’autres, plus récentes" in page.text
