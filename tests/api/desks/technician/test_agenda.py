"""What the page of the day says: what is to be done of each intervention, and by when."""

from datetime import timedelta

import pytest

from tests.api.desks.visitor import page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_consent, a_session, a_ticket
from tests.support.people import a_client, a_technician

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def client(api: Frontend) -> str:
    return a_client(api.database)


@pytest.fixture
def technician(api: Frontend) -> str:
    return a_technician(api.database)


async def test_a_day_without_work(api: Frontend, technician: str) -> None:
    page = await page_of(api, technician, "/agenda")
    assert "Aucune intervention aujourd’hui" in page.text
    assert "Rien de prévu les jours suivants." in page.text
    assert "/disponibilites" in page.links()


async def test_today_comes_first_then_the_days_that_come(api: Frontend, client: str, technician: str) -> None:
    due = a_ticket(api.database, client, technician, status="to_report", start=MORNING - 30 * HOUR)
    a_session(api.database, due, technician, MORNING - 30 * HOUR, MORNING - 29 * HOUR)
    later = a_ticket(api.database, client, technician, start=MORNING + 2 * DAY, opened_at=MORNING)
    today = a_ticket(
        api.database, client, technician, start=MORNING + 10 * MINUTE, acknowledged_at=MORNING - HOUR
    )
    a_consent(api.database, today, client)
    calm = a_ticket(api.database, client, technician, start=MORNING + 3 * DAY, acknowledged_at=MORNING - HOUR)
    a_consent(api.database, calm, client)
    a_ticket(api.database, client, technician, status="closed", start=MORNING + 3 * DAY, outcome="cancelled")
    a_ticket(api.database, client, a_technician(api.database, name="Nadia Benali"), start=MORNING + HOUR)
    page = await page_of(api, technician, "/agenda")
    assert [one for one in page.links() if "/interventions/" in one] == [
        f"/interventions/{number}" for number in (due, today, later, calm)
    ]
    for words in (
        "À vous : écrire le compte rendu, au plus tard aujourd’hui à 4 h.",
        "Hier à 3 h · Internet et Wi-Fi",
        "9 h 10 · Internet et Wi-Fi",
        "À vous : appeler le client, au plus tard aujourd’hui à 9 h 20.",
        "Le numéro du client s’affiche vendredi 27 novembre à 8 h 45.",
        "Jeudi 26 novembre 2026",
        "À vous : confirmer le rendez-vous ou le décliner, au plus tard aujourd’hui à 11 h.",
    ):
        assert words in page.text


async def test_many_interventions_take_no_more_questions(api: Frontend, client: str, technician: str) -> None:
    for days in range(12):
        a_ticket(api.database, client, technician, start=MORNING + days * DAY + 2 * HOUR)
    page = await page_of(api, technician, "/agenda")
    assert len([one for one in page.links() if "/interventions/" in one]) == 12
