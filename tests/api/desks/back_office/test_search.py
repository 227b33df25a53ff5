"""Finding a person or a ticket again."""

import pytest

from tests.api.desks.visitor import page_of
from tests.api.frontend import MORNING, Frontend
from tests.api.rows import a_ticket, an_invoice
from tests.support.people import a_client, a_person, a_technician

NOT_FOUND = "Rien de ce nom ni de ce numéro"


@pytest.fixture
def back_office(api: Frontend) -> str:
    return a_person(api.database, "back_office", "Sophie Roux")


async def found(api: Frontend, back_office: str, words: str) -> tuple[list[str], list[str]]:
    """The people and the tickets."""
    page = await page_of(api, back_office, f"/recherche?q={words}")
    assert (NOT_FOUND in page.text) == (not [one for one in page.links() if one != "/recherche"])
    people, tickets = (
        [link.removeprefix(place) for link in page.links() if link.startswith(place)]
        for place in ("/personnes/", "/dossiers/")
    )
    asking = [one.removesuffix("/demande") for one in people if one.endswith("/demande")]
    people = [one for one in people if not one.endswith("/demande")]
    # Of whoever is a client, and of nobody else, a request is opened from here.
    clients = {one for (one,) in api.database.rows("SELECT id::text FROM people WHERE role = 'client'")}
    assert asking == [one for one in people if one in clients]
    return people, tickets


async def test_by_name_mail_and_the_numbers_of_tickets_and_invoices(api: Frontend, back_office: str) -> None:
    database = api.database
    client, technician = a_client(database), a_technician(database)
    database.execute(
        "UPDATE people SET name = 'Zoé Le Gall-Müller', mail = 'Zoe.LG@example.fr' WHERE id = %s", client
    )
    ticket = a_ticket(database, client, technician, status="closed")
    an_invoice(database, ticket, client, "F2026-000123", MORNING)
    other = a_ticket(database, a_person(database, "client", "Marc Petit"), technician, opened_at=MORNING)
    theirs = ([client], [ticket])
    for words in ("zoe", "Gall zoé", "MULLER", "zoe.lg@", "le+gall"):
        assert await found(api, back_office, words) == theirs, words
    for words in (ticket, f"n° {ticket}".replace("°", "%C2%B0"), "F2026-000123", "f2026-000 123"):
        assert await found(api, back_office, words) == ([], [ticket]), words
    assert await found(api, back_office, "leroy") == ([technician], [other, ticket])


@pytest.mark.parametrize("words", ["%25%25", "__", "zz%25", "\\\\", "F2026-999999", "%00zz"])
async def test_what_is_no_name_finds_nobody(api: Frontend, back_office: str, words: str) -> None:
    a_client(api.database)
    assert await found(api, back_office, words) == ([], [])


async def test_one_letter_is_not_looked_for_and_nothing_is_no_search(api: Frontend, back_office: str) -> None:
    assert "Donnez au moins deux lettres." in (await page_of(api, back_office, "/recherche?q=z")).text
    assert NOT_FOUND not in (await page_of(api, back_office, "/recherche")).text


async def test_who_looked_is_entered_and_not_for_whom(api: Frontend, back_office: str) -> None:
    await found(api, back_office, "zoe")
    assert api.database.rows("SELECT person_id::text, kind, subject, part FROM accesses") == [
        (back_office, "search", None, None)
    ]
