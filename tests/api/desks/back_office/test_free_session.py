"""The page that grants a free session: its hours, whom it offers, and what was typed, which stays."""

from datetime import timedelta

import pytest

from tests.api.desks.back_office.test_queues import an_act
from tests.api.desks.visitor import a_visitor, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.reaching import reach_review
from tests.api.rows import a_session, a_ticket
from tests.api.service import Service
from tests.support.people import a_client, a_person, a_technician

HOUR = timedelta(hours=1)
TYPED = {
    "reason": "Une seconde séance suffira.",
    "gains.0.kind": "reduced",
    "gains.0.minutes": "15",
}


@pytest.fixture
def back_office(api: Frontend) -> str:
    return a_person(api.database, "back_office", "Sophie Roux")


async def test_the_hour_of_a_free_session_is_one_at_which_somebody_is_free(
    api: Frontend, back_office: str
) -> None:
    client, technician = a_client(api.database), a_technician(api.database, "internet")
    number = a_ticket(api.database, client, technician, status="suspended", start=MORNING - timedelta(days=1))
    path = f"/dossiers/{number}/seance-gratuite"
    page = await page_of(api, back_office, path)
    answer = await api.get("/v1/slots", back_office, skill="internet", minutes=60, days=4, limit=200)
    assert page.choices("start") == [slot["start"] for slot in answer.json()["slots"]]
    api.database.execute("UPDATE people SET active = false WHERE id = %s", technician)
    page = await page_of(api, back_office, path)
    assert page.choices("start") == []
    assert page.form(path) == {"key": page.form(path)["key"], "from": MORNING.date().isoformat()}


async def test_a_third_free_session_has_no_form(api: Frontend, back_office: str) -> None:
    client, technician = a_client(api.database), a_technician(api.database)
    number = a_ticket(api.database, client, technician, status="suspended", start=MORNING - HOUR)
    page = a_visitor(api, back_office)
    for granted, status in ((0, 200), (1, 200), (2, 409)):
        if granted:
            an_act(api, number, back_office, "back_office", "rework", "suspended", "scheduled", MORNING)
        await page.open(f"/dossiers/{number}/seance-gratuite")
        assert page.answer.status_code == status
    assert "Cette demande a déjà eu toutes ses séances gratuites." in page.text


async def test_the_next_days_are_looked_at_with_what_was_typed(api: Frontend, back_office: str) -> None:
    client, technician = a_client(api.database), a_technician(api.database, "internet")
    other = a_technician(api.database, "internet", name="Zoé Blanc")
    start = MORNING - timedelta(days=1)
    number = a_ticket(api.database, client, technician, status="suspended", start=start)
    a_session(api.database, number, technician, start, start + HOUR)
    own = f"/dossiers/{number}/seance-gratuite"
    page = await page_of(api, back_office, own)
    chosen = page.choices("start")[0]
    typed = {**TYPED, "technician_id": other, "start": chosen}
    await page.send(own, **typed, look=page.button("Jours suivants"))
    assert page.answer.status_code == 200
    assert page.wrong() == {}
    assert page.choices("start")[0] > chosen
    # An hour that is not on the page any more is chosen no more.
    kept = {name: value for name, value in page.form(own).items() if name not in {"key", "from"}}
    assert kept == {name: value for name, value in typed.items() if name != "start"} | {
        "gains.0.session": "1"
    }
    await page.send(own, look=page.button("Jours précédents"))
    assert page.choices("start")[0] == chosen
    assert page.form(own).items() >= (typed.items() - {("start", chosen)})


async def test_who_may_not_work_is_not_offered_and_is_refused_with_what_was_typed_kept(
    service: Service,
) -> None:
    number = await reach_review(service)
    assert (await service.act(number, "dispute", {"reason": "Rien ne marche."})).status_code == 200
    unvetted = a_technician(service.database, "internet", name="Ali Martin")
    service.database.execute("UPDATE technicians SET vetted_at = NULL WHERE id = %s", unvetted)
    own = f"/dossiers/{number}/seance-gratuite"
    page = await a_visitor(service.api, service.back_office).open(own)
    offered = ["", service.technician]
    assert page.options("technician_id") == offered
    typed = {**TYPED, "start": page.choices("start")[0]}
    await page.send(own, **typed, technician_id=unvetted)
    assert page.answer.status_code == 409
    assert "Ce technicien n’est pas libre à cette heure. Choisissez-en un autre." in page.text
    assert page.form(own).items() >= typed.items()
    assert page.options("technician_id") == offered
    view = await service.view(number, service.back_office)
    assert (view["status"]["code"], view["gain_rulings"]) == ("suspended", [])
    booked = "SELECT count(*) FROM bookings WHERE technician_id = %s"
    assert service.database.rows(booked, unvetted) == [(0,)]
    await page.send(own)
    assert "La nouvelle séance gratuite est réservée." in page.text
    view = await service.view(number, service.back_office)
    assert (view["status"]["code"], view["start"], view["technician"]["id"]) == (
        "scheduled",
        typed["start"],
        service.technician,
    )
