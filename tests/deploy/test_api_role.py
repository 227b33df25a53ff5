"""The API works with a role that row-level security binds, or not at all."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from db.api_role import UnsafeRole, check_role
from deploy.server import build
from deploy.settings import process_environment, read_settings
from tests.support.postgres import Database


async def test_the_role_of_the_api_is_fit(database: Database) -> None:
    await check_role(database.url("omea_api"))


@pytest.fixture
def unsafe_roles(database: Database) -> Iterator[None]:
    database.execute("CREATE ROLE bypassing LOGIN BYPASSRLS")
    database.execute("CREATE ROLE heir LOGIN NOINHERIT IN ROLE omea_owner")
    yield
    database.execute("DROP ROLE bypassing")
    database.execute("DROP ROLE heir")


@pytest.mark.parametrize(
    ("role", "why"),
    [
        ("postgres", "est superutilisateur et contourne la sécurité par ligne"),
        ("omea_owner", "est propriétaire de tables, ou peut le devenir"),
        ("bypassing", "contourne la sécurité par ligne"),
        ("heir", "est propriétaire de tables, ou peut le devenir"),
    ],
)
async def test_one_that_passes_row_security_is_refused(
    database: Database, unsafe_roles: None, role: str, why: str
) -> None:
    with pytest.raises(UnsafeRole, match=why):
        await check_role(database.url(role))


def test_the_process_ends_with_a_sentence(database: Database, sandbox_environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.server"],
        env=process_environment() | sandbox_environment | {"DATABASE_URL": database.url("omea_owner")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    said = json.loads(ended.stderr.splitlines()[-1])
    assert (said["level"], said["event"][:40]) == ("critical", "DATABASE_URL : le rôle « omea_owner » es")


def test_a_role_that_is_given_more_while_the_api_runs_serves_nobody(
    database: Database, sandbox_environment: dict[str, str]
) -> None:
    """As with a database that was away when the process started: each new connection is looked at."""
    settings = read_settings(sandbox_environment | {"DATABASE_URL": database.url("omea_owner")})
    with TestClient(build(settings), raise_server_exceptions=False) as client:
        assert client.get("/v1/price-list").status_code == 500
    settings = read_settings(sandbox_environment | {"DATABASE_URL": database.url("omea_api")})
    with TestClient(build(settings), raise_server_exceptions=False) as client:
        assert client.get("/v1/price-list").status_code == 200
