"""An operator lets somebody of the team enrol anew, when no colleague is left who could."""

from datetime import UTC, datetime

import pyotp
import pytest

from deploy.second_factors import NoColleague, reset
from deploy.settings import read_settings
from tests.support.people import a_person, a_sign_in
from tests.support.postgres import Database
from tests.support.second_factors import a_pending_sign_in, an_authenticator


async def test_it_ends_the_authenticator_and_all_that_was_begun_with_it(
    sandbox_environment: dict[str, str], database: Database
) -> None:
    settings = read_settings(sandbox_environment | {"DATABASE_URL": database.url("omea_owner")})
    now, nadia = datetime.now(UTC), a_person(database, "back_office", mail="Nadia@example.fr")
    other = a_person(database, "finance")
    a_person(database, "client", mail="claire@example.fr")
    for person in (nadia, other):
        an_authenticator(database, person, pyotp.random_base32(), now)
        a_sign_in(database, person, now)
        a_pending_sign_in(database, person, now)
    for mail in ("personne@example.fr", "claire@example.fr"):
        with pytest.raises(NoColleague, match=mail):
            await reset(settings, mail)
    await reset(settings, "nadia@Example.fr")
    assert database.rows("SELECT person_id::text FROM authenticators") == [(other,)]
    for table, ended in (("sign_ins", "revoked_at"), ("pending_sign_ins", "used_at")):
        open_still = database.rows(f"SELECT person_id::text FROM {table} WHERE {ended} IS NULL")
        assert open_still == [(other,)]
