"""A request opened for a client on the phone: at a real hour, for the client, and journalled as ours."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from api.desks.back_office import opening
from api.express_request_text import CURRENT_VERSION
from tests.api.desks.visitor import a_visitor, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_card
from tests.api.service import Service
from tests.support.people import a_client, a_person, a_technician

PROBLEM = "Plus de Wi-Fi dans la chambre depuis le changement de box."
TYPED = {"description": PROBLEM, "phone": "06 12 34 56 78", "express_request": "true"}
WANTED = "competence=internet&minutes=60"


async def test_it_is_opened_from_the_client_s_file_as_the_client_would_open_it(service: Service) -> None:
    await service.save_card()
    client, team = service.client, service.back_office
    page = await page_of(service.api, team, f"/personnes/{client}")
    own = f"/personnes/{client}/demande"
    assert own in page.links()
    await page.open(own)
    assert page.choices("competence")
    await page.open(f"{own}?{WANTED}")
    await page.send(own, **TYPED)
    assert set(page.wrong()) == {"start"}
    assert page.form(own)["description"] == PROBLEM
    start = page.choices("start")[-2]
    await page.send(own, start=start, express_request="")
    assert page.answer.status_code == 422
    await page.send(own, start=start, express_request="true")
    assert "La demande est ouverte. Le client reçoit la confirmation par courriel." in page.text
    number = page.path.removeprefix("/dossiers/")
    view = await service.view(number, client)
    assert (view["start"], view["ceiling_minutes"], view["description"]) == (start, 60, PROBLEM)
    said = "SELECT DISTINCT actor_id, actor_role, on_behalf_of::text FROM journal WHERE ticket = %s"
    assert (team, "back_office", client) in service.database.rows(said, number)
    kept = "SELECT author_id::text, body ->> 'express_request' FROM submissions WHERE kind = 'request'"
    assert service.database.rows(kept) == [(team, CURRENT_VERSION)]


async def test_an_hour_taken_meanwhile_is_to_be_chosen_again_among_others(service: Service) -> None:
    await service.save_card()
    own = f"/personnes/{service.client}/demande"
    page = await a_visitor(service.api, service.back_office).open(f"{own}?{WANTED}")
    start = page.choices("start")[0]
    other = a_client(service.database, "Paul Girard")
    held = {"skill": "internet", "start": start, "minutes": 60}
    assert (await service.api.post("/v1/holds", other, held)).status_code == 201
    await page.send(own, **TYPED, start=start)
    assert page.answer.status_code == 409
    assert "Ce créneau vient d’être pris. Choisissez-en un autre." in page.text
    assert page.form(own)["description"] == PROBLEM
    assert service.database.rows("SELECT number FROM tickets") == []
    free = page.choices("start")[0]
    assert free > start
    await page.send(own, start=free, express_request="true")
    assert "La demande est ouverte. Le client reçoit" in page.text
    number = page.path.removeprefix("/dossiers/")
    assert (await service.view(number, service.client))["start"] == free


async def test_an_hour_taken_in_the_very_moment_becomes_the_next_one_and_the_page_says_so(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another takes it after it was looked at, and before the ticket has it."""
    await service.save_card()
    client, team = service.client, service.back_office
    own = f"/personnes/{client}/demande"
    page = await a_visitor(service.api, team).open(f"{own}?{WANTED}")
    start = page.choices("start")[0]
    other, still_free = a_client(service.database, "Paul Girard"), opening._check_free

    async def looked_at_and_taken(*asked: Any) -> None:
        await still_free(*asked)
        held = {"skill": "internet", "start": start, "minutes": 60}
        assert (await service.api.post("/v1/holds", other, held)).status_code == 201

    monkeypatch.setattr(opening, "_check_free", looked_at_and_taken)
    await page.send(own, **TYPED, start=start)
    assert (
        "La demande est ouverte, mais l’heure choisie venait d’être prise : dites au client celle de ce "
        "dossier, ou déplacez-la." in page.text
    )
    number = page.path.removeprefix("/dossiers/")
    view = await service.view(number, client)
    # The one hour is taken by the other, with the time between two appointments.
    following = (await a_visitor(service.api, team).open(f"{own}?{WANTED}")).choices("start")
    begins = datetime.fromisoformat(start)
    booked = datetime.fromisoformat(view["start"])
    assert begins + timedelta(hours=1) <= booked < datetime.fromisoformat(following[0])
    assert (view["status"]["code"], view["technician"]["id"], view["ceiling_minutes"]) == (
        "scheduled",
        service.technician,
        60,
    )
    assert service.database.rows(
        "SELECT lower(during), ticket, held_by::text FROM bookings ORDER BY lower(during)"
    ) == [(begins, None, other), (booked, number, None)]
    assert service.database.rows("SELECT number FROM tickets") == [(number,)]


async def test_a_form_sent_twice_is_one_request(service: Service) -> None:
    await service.save_card()
    own = f"/personnes/{service.client}/demande"
    page = await a_visitor(service.api, service.back_office).open(f"{own}?{WANTED}")
    key, start = page.form(own)["key"], page.choices("start")[0]
    await page.send(own, **TYPED, start=start)
    opened = page.path
    await page.open(f"{own}?{WANTED}")
    await page.send(own, **TYPED, start=start, key=key)
    assert page.path == opened
    assert service.database.rows("SELECT count(*) FROM tickets") == [(1,)]


async def test_with_nobody_to_help_there_is_no_appointment_yet(service: Service) -> None:
    await service.save_card()
    own = f"/personnes/{service.client}/demande"
    page = await a_visitor(service.api, service.back_office).open(f"{own}?{WANTED}")
    service.database.execute("UPDATE people SET active = false WHERE id = %s", service.technician)
    await page.send(own, **TYPED, start="soonest")
    assert "il n’y a pas encore de rendez-vous" in page.text
    number = page.path.removeprefix("/dossiers/")
    assert (await service.view(number, service.client))["status"]["code"] == "to_assign"


async def test_what_the_client_holds_is_theirs_to_be_booked(service: Service) -> None:
    await service.save_card()
    own = f"/personnes/{service.client}/demande"
    page = await a_visitor(service.api, service.back_office).open(f"{own}?{WANTED}")
    start = page.choices("start")[0]
    held = {"skill": "internet", "start": start, "minutes": 60}
    assert (await service.api.post("/v1/holds", service.client, held)).status_code == 201
    await page.send(own, **TYPED, start=start)
    assert "La demande est ouverte. Le client reçoit" in page.text
    view = await service.view(page.path.removeprefix("/dossiers/"), service.client)
    assert view["start"] == start
    assert service.database.rows("SELECT state FROM bookings") == [("booked",)]


async def test_as_soon_as_possible_may_be_asked_from_a_later_page_as_typed(service: Service) -> None:
    await service.save_card()
    own = f"/personnes/{service.client}/demande"
    later = (service.api.clock() + timedelta(days=20)).date().isoformat()
    page = await a_visitor(service.api, service.back_office).open(f"{own}?{WANTED}")
    first = page.choices("start")[0]
    await page.send(own, **TYPED, look=later)
    assert page.choices("start")[0] > first
    assert page.form(own)["description"] == PROBLEM
    assert service.database.rows("SELECT number FROM tickets") == []
    assert 'name="express_request"' in page.answer.text
    await page.send(own, start="soonest", express_request="true")
    assert "La demande est ouverte. Le client reçoit" in page.text


async def test_the_hours_are_those_of_the_client_s_own_page(api: Frontend) -> None:
    client, team = a_client(api.database), a_person(api.database, "back_office")
    a_card(api.database, client)
    a_technician(api.database, "internet")
    path = f"/personnes/{client}/demande?{WANTED}"
    page = await page_of(api, team, path)
    theirs = await page_of(api, client, f"/demandes/nouvelle/creneau?{WANTED}")
    assert page.choices("start") == [*theirs.choices("start"), "soonest"]
    assert "n’a pas encore accepté les conditions" not in page.text
    later = (MORNING + timedelta(days=5)).date().isoformat()
    page = await page_of(api, team, f"{path}&a_partir_du={later}")
    assert page.choices("start")[0] >= later
    [(nobody_asked,)] = api.database.rows(
        "INSERT INTO people (role, name, mail) VALUES ('client', 'Zoé Blanc', 'zoe@example.fr') "
        "RETURNING id::text"
    )
    a_card(api.database, nobody_asked)
    page = await page_of(api, team, f"/personnes/{nobody_asked}/demande?{WANTED}")
    assert "n’a pas encore accepté les conditions" in page.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2027-01-15"])
async def test_a_day_on_which_nothing_is_offered_is_as_none(api: Frontend, day: str) -> None:
    client, team = a_client(api.database), a_person(api.database, "back_office")
    a_card(api.database, client)
    a_technician(api.database, "internet")
    path = f"/personnes/{client}/demande?{WANTED}"
    page = await page_of(api, team, f"{path}&a_partir_du={day}")
    assert page.choices("start") == (await page_of(api, team, path)).choices("start")


async def test_without_a_card_the_page_says_where_the_client_saves_it(api: Frontend) -> None:
    client, team = a_client(api.database), a_person(api.database, "back_office")
    page = await page_of(api, team, f"/personnes/{client}/demande?{WANTED}")
    assert "Sans carte, aucun rendez-vous ne peut être pris." in page.text
    assert "/demandes/nouvelle" in page.text
    assert page.actions() == []
    [again] = [link for link in page.links() if f"/demande?{WANTED}" in link]
    a_card(api.database, client)
    assert (await page.open(again)).choices("start")


async def test_only_for_a_client_who_has_an_account(api: Frontend) -> None:
    team = a_person(api.database, "back_office")
    gone = a_client(api.database)
    api.database.execute("UPDATE people SET active = false WHERE id = %s", gone)
    for nobody in (team, gone, a_technician(api.database)):
        for query in ("", f"?{WANTED}"):
            page = await a_visitor(api, team).open(f"/personnes/{nobody}/demande{query}")
            assert page.answer.status_code in {404, 422}, page.text
        assert (
            f"/personnes/{nobody}/demande" not in (await page_of(api, team, f"/personnes/{nobody}")).links()
        )
