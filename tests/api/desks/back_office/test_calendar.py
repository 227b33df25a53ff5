"""The day across technicians, as a table and as a list."""

from datetime import datetime, timedelta

import pytest
from lxml import html

from tests.api.desks.visitor import Visitor, a_visitor, page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_ticket
from tests.support.people import a_client, a_person, a_technician

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def back_office(api: Frontend) -> str:
    return a_person(api.database, "back_office", "Sophie Roux")


def cells(page: Visitor) -> dict[str, list[tuple[str, int]]]:
    """Of each technician's row: what each cell is, and how many quarters of an hour it is wide."""
    rows = html.document_fromstring(page.answer.text).xpath("//table[@class='day-table']/tbody/tr")
    return {
        row.xpath("string(th)"): [(cell.get("class"), int(cell.get("colspan"))) for cell in row.xpath("td")]
        for row in rows
    }


def book(api: Frontend, technician: str, ticket: str, start: datetime, end: datetime) -> None:
    api.database.execute(
        "INSERT INTO bookings (technician_id, during, state, skill, ticket, session) "
        "VALUES (%s, tstzrange(%s, %s), 'booked', 'internet', %s, 1)",
        *(technician, start, end, ticket),
    )


async def test_a_day_shows_work_leave_holds_and_what_is_free(api: Frontend, back_office: str) -> None:
    database = api.database
    client = a_client(database)
    thomas, nadia = a_technician(database), a_technician(database, name="Nadia Faure")
    ticket = a_ticket(database, client, thomas, start=MORNING)
    book(api, thomas, ticket, MORNING, MORNING + HOUR)
    for start, expires in ((2, MORNING + HOUR), (4, MORNING - HOUR)):
        database.execute(
            "INSERT INTO bookings (technician_id, during, state, skill, held_by, hold_expires_at) "
            "VALUES (%s, tstzrange(%s, %s), 'held', 'internet', %s, %s)",
            *(thomas, MORNING + start * HOUR, MORNING + (start + 1) * HOUR, client, expires),
        )
    database.execute("INSERT INTO working_hours VALUES (%s, 1, '13:00', '17:30')", nadia)
    database.execute(
        "INSERT INTO leaves (technician_id, during, recorded_by) VALUES (%s, tstzrange(%s, %s), %s)",
        *(nadia, MORNING + 6 * HOUR, MORNING + 3 * DAY, nadia),
    )
    page = await page_of(api, back_office, "/calendrier")
    assert page.title == "Aujourd’hui, mardi 24\N{NO-BREAK SPACE}novembre 2026"
    assert cells(page) == {
        "Nadia Faure": [("off", 20), ("free", 8), ("leave", 16)],
        "Thomas Leroy": [("free", 4), ("booked", 4), ("free", 4), ("held", 4), ("free", 28)],
    }
    assert "9 h – 10 h" in page.text
    assert "15 h – 19 h En congé" in page.text
    assert page.links().count(f"/dossiers/{ticket}") == 2
    assert {"/calendrier?jour=2026-11-23", "/calendrier?jour=2026-11-25"} <= set(page.links())


async def test_what_is_booked_outside_the_opening_hours_widens_the_table(
    api: Frontend, back_office: str
) -> None:
    technician = a_technician(api.database)
    evening = MORNING.replace(hour=19)
    ticket = a_ticket(api.database, a_client(api.database), technician, start=evening)
    book(api, technician, ticket, evening, evening + timedelta(minutes=70))
    # Of who is suspended, what is booked must still be seen.
    api.database.execute("UPDATE people SET active = false WHERE id = %s", technician)
    page = await page_of(api, back_office, "/calendrier?jour=2026-11-24")
    assert cells(page) == {"Thomas Leroy": [("free", 44), ("booked", 5), ("off", 3)]}


async def test_the_days_on_which_clocks_change_have_their_hours(api: Frontend, back_office: str) -> None:
    a_technician(api.database)
    for day in ("2026-03-29", "2026-10-25"):
        page = await page_of(api, back_office, f"/calendrier?jour={day}")
        assert cells(page) == {"Thomas Leroy": [("off", 44)]}
        assert "Le service est fermé ce jour-là." in page.text


async def test_a_day_without_technicians_and_one_that_is_none(api: Frontend, back_office: str) -> None:
    page = await page_of(api, back_office, "/calendrier")
    assert "Aucun technicien en activité" in page.text
    for day in ("hier", "2026-02-30", "1900-01-01"):
        answer = await a_visitor(api, back_office).open(f"/calendrier?jour={day}")
        assert answer.answer.status_code == 422
