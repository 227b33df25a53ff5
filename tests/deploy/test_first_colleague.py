"""The first of the back office comes in by the command line, and only the first."""

import pytest

from deploy.first_colleague import ColleagueRefused, run
from deploy.settings import Settings, read_settings
from tests.support.people import a_client, a_person
from tests.support.postgres import Database

TEAM = "SELECT role, name, mail, active FROM people WHERE role = 'back_office'"


@pytest.fixture
def settings(sandbox_environment: dict[str, str], database: Database) -> Settings:
    return read_settings(sandbox_environment | {"DATABASE_URL": database.url("omea_owner")})


async def test_the_first_one_is_entered_and_no_second(settings: Settings, database: Database) -> None:
    a_person(database, "finance")
    gone = a_person(database, "back_office")
    database.execute("ALTER TABLE people DISABLE TRIGGER keep_one_of_the_back_office")
    database.execute("UPDATE people SET active = false WHERE id = %s", gone)
    assert await run(settings, " Sophie Roux ", "Sophie.Roux@example.fr") == "sophie.roux@example.fr"
    entered = ("back_office", "Sophie Roux", "sophie.roux@example.fr", True)
    assert entered in database.rows(TEAM)
    with pytest.raises(ColleagueRefused, match="à un collègue"):
        await run(settings, "Paul Morel", "paul.morel@example.fr")
    assert len(database.rows(TEAM)) == 2


async def test_nobody_is_entered_who_cannot_be(settings: Settings, database: Database) -> None:
    client = a_client(database)
    [(taken,)] = database.rows("SELECT mail FROM people WHERE id = %s", client)
    for name, mail, refusal in (
        ("S", "sophie@example.fr", "au moins 2"),
        ("Sophie Roux", "sophie", "n’est pas valable"),
        ("Sophie Roux", taken.upper(), "déjà celle d’un autre compte"),
    ):
        with pytest.raises(ColleagueRefused, match=refusal):
            await run(settings, name, mail)
    assert database.rows(TEAM) == []
