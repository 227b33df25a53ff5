"""Tokens of the demonstration are those of sign-ins, which the API knows, and production gives none."""

import pytest

from api.codes import ApiCode
from deploy.demo_tokens import TokenRefused, token, tokens_of
from deploy.settings import read_settings
from domain.sign_ins import lifetime_of
from domain.tickets import Role
from tests.api.frontend import Clock, is_problem, open_frontend
from tests.support.keys import TOKEN_KEY
from tests.support.people import a_person
from tests.support.postgres import Database


@pytest.fixture
def environment(sandbox_environment: dict[str, str], database: Database) -> dict[str, str]:
    return sandbox_environment | {"DATABASE_URL": database.url("omea_api"), "TOKEN_KEY": TOKEN_KEY.decode()}


async def test_a_token_is_of_a_sign_in_that_lasts_and_ends_as_any_other(
    environment: dict[str, str], database: Database
) -> None:
    a_person(database, "finance", mail="paul@example.fr")
    given = await token(read_settings(environment), "paul@example.fr")
    [(began_at, device)] = database.rows("SELECT began_at, device FROM sign_ins")
    assert device == "omea token"
    clock, headers = Clock(began_at), {"Authorization": f"Bearer {given}"}
    async with open_frontend(database, clock=clock) as api:
        assert (await api.http.get("/v1/me", headers=headers)).json()["mail"] == "paul@example.fr"
        clock.now = began_at + lifetime_of(Role.FINANCE).unused
        answer = await api.http.get("/v1/me", headers=headers)
        assert is_problem(answer, ApiCode.SIGN_IN_EXPIRED)
        clock.now = began_at
        database.execute("UPDATE sign_ins SET revoked_at = now()")
        answer = await api.http.get("/v1/me", headers=headers)
        assert is_problem(answer, ApiCode.SIGN_IN_INVALID)


async def test_nobody_is_signed_in_when_one_of_them_is_unknown(
    environment: dict[str, str], database: Database
) -> None:
    a_person(database, "finance", mail="paul@example.fr")
    with pytest.raises(TokenRefused, match=r"personne@example\.fr"):
        await tokens_of(read_settings(environment), ["paul@example.fr", "personne@example.fr"])
    assert database.rows("SELECT count(*) FROM sign_ins") == [(0,)]


async def test_production_gives_no_tokens(production_environment: dict[str, str]) -> None:
    with pytest.raises(TokenRefused, match="par son propre lien"):
        await token(read_settings(production_environment), "paul@example.fr")
