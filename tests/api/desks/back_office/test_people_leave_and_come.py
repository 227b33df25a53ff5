"""Applications answered, and accounts erased for who phoned, on the whole service."""

from tests.api.desks.visitor import a_visitor, looks_right, page_of
from tests.api.service import Service
from tests.api.test_applications import an_application, told
from tests.api.told import entries

REASON = "Nous ne cherchons personne en réseaux pour l’instant."


async def test_an_account_is_erased_for_who_phones_and_kept_for_who_stays(service: Service) -> None:
    api, client, team = service.api, service.client, service.back_office
    path = f"/personnes/{client}"
    page = await page_of(api, team, path)
    await page.send(f"{path}/depart")
    assert page.answer.status_code == 422
    looks_right(page.answer)
    assert "asked_by" in page.wrong()
    await page.send(f"{path}/depart", asked_by="phone")
    assert "La suppression du compte est demandée." in page.text
    standing = "SELECT asked_by, withdrawn_by::text FROM erasures"
    assert service.database.rows(standing) == [("phone", None)]
    await page.send(f"{path}/depart/retrait")
    assert "La suppression du compte est abandonnée." in page.text
    assert service.database.rows(standing) == [("phone", team)]
    assert [kind for _, kind, subject, _ in entries(api) if subject == client] == [
        *("person", "erasure_asked", "erasure_withdrawn"),
    ]


async def test_an_application_is_accepted_refused_and_erased(service: Service) -> None:
    api, team = service.api, service.back_office
    first, second = an_application(api), an_application(api, "luc@example.fr")
    page = await page_of(api, team, "/candidatures")
    assert {f"/candidatures/{one}" for one in (first, second)} <= set(page.links())
    path = f"/candidatures/{first}"
    page = await page_of(api, team, path)
    assert page.form(f"{path}/accepter")["niveau-internet"] == "3"
    await page.send(f"{path}/accepter", **{"niveau-internet": ""})
    assert page.answer.status_code == 422
    looks_right(page.answer)
    assert page.wrong() == {"niveaux": "Choisissez le niveau d’au moins une compétence."}
    await page.send(f"{path}/accepter", **{"niveau-internet": "2"})
    assert "La candidature est acceptée" in page.text
    assert (await told(service, "application_accepted", first)).to == "zoe.blanc@example.fr"
    [technician] = [link for link in page.links() if link.startswith("/personnes/0")]
    page = await page_of(api, team, technician)
    assert page.form(f"{technician}/competences")["niveau-internet"] == "2"

    path = f"/candidatures/{second}"
    page = await a_visitor(api, team).open(path)
    await page.send(f"{path}/refuser", reason="Non.")
    assert set(page.wrong()) == {"reason"}
    assert page.form(f"{path}/refuser")["reason"] == "Non."
    # The other form is as it was.
    assert page.form(f"{path}/accepter")["niveau-internet"] == "3"
    await page.send(f"{path}/refuser", reason=REASON)
    assert REASON in page.text
    await page.send(f"{path}/effacer")
    assert (page.path, "La candidature est effacée." in page.text) == ("/candidatures", True)
    assert service.database.rows("SELECT id::text FROM applications") == [(first,)]
    page = await page_of(api, team, "/candidatures")
    assert "Aucune candidature à étudier" in page.text
    assert f"/candidatures/{first}" in (await page_of(api, team, "/candidatures?toutes=true")).links()
    acts = [(kind, subject) for _, kind, subject, _ in entries(api) if kind.startswith("application_")]
    assert acts == [
        ("application_accepted", first),
        ("application_refused", second),
        ("application_deleted", second),
    ]


async def test_accounts_are_opened_for_a_client_a_technician_and_a_colleague(service: Service) -> None:
    api, database = service.api, service.database
    page = await page_of(api, service.back_office, "/personnes/nouveau")
    form = "/personnes/nouveau/clients"
    await page.send(form, name="Zoé Blanc", mail="zoe")
    assert page.answer.status_code == 422
    looks_right(page.answer)
    assert page.wrong() == {"mail": "Cette adresse électronique n’est pas valable."}
    await page.send(form, mail="zoe@example.fr", accepts_terms="true")
    assert (page.title, "Le compte est ouvert." in page.text) == ("Zoé Blanc", True)
    assert "au téléphone" in page.text
    known = "SELECT role, id::text FROM people WHERE name = 'Zoé Blanc' ORDER BY created_at DESC"
    assert [role for role, _ in database.rows(known)] == ["client"]
    for kind, role, more in (("techniciens", "technician", {}), ("equipe", "finance", {"role": "finance"})):
        form = f"/personnes/nouveau/{kind}"
        await page.open(f"/personnes/nouveau?sorte={kind}")
        looks_right(page.answer)
        await page.send(form, name="Zoé Blanc", mail="zoe@example.fr", **more)
        assert page.answer.status_code == 409
        assert "Cette adresse est déjà celle d’un autre compte." in page.text
        await page.send(form, mail=f"zoe.{kind}@example.fr")
        (found, person), *_ = database.rows(known)
        assert (found, page.path) == (role, f"/personnes/{person}")
    acts = [kind for _, kind, *_ in entries(api) if kind != "person"]
    assert acts == ["client_added", "technician_enrolled", "colleague_added"]
