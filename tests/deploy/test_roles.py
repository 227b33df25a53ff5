"""deploy/compose/roles.sql, with which a deployment's database begins, on a server that has nothing yet."""

import asyncio
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest

from db import migrate
from db.api_role import check_role
from deploy.sandbox import postgres
from deploy.settings import StackSettings
from deploy.stack import running_stack
from tests.deploy.shipped import DEPLOY

PASSWORDS = {
    "OMEA_OWNER_PASSWORD": "it's the owner's",
    "OMEA_WORKER_PASSWORD": "the worker's",
    "OMEA_API_PASSWORD": "the api's",
    "TEMPORAL_DATABASE_PASSWORD": "temporal's",
}


class Server:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.sockets = str(postgres.socket_directory(data))

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(f"postgresql://postgres@/postgres?host={self.sockets}", autocommit=True)

    def make_roles(self, passwords: Mapping[str, str]) -> int:
        """As the image of Postgres does at its first start."""
        psql = [str(postgres.postgres_programs() / "psql"), "--no-psqlrc", "--quiet", "--host", self.sockets]
        file = str(DEPLOY / "compose" / "roles.sql")
        line = [*psql, "--username", "postgres", "--dbname", "postgres", "--file", file]
        return subprocess.run(line, env=dict(passwords), check=False, capture_output=True).returncode


@pytest.fixture
def server(tmp_path: Path, nothing_given: StackSettings) -> Iterator[Server]:
    parts = ("postgres",)
    with running_stack(tmp_path, parts=parts, any_ports=True, durable=False, given=nothing_given) as stack:
        server = Server(stack.var / "postgres" / "data")
        with server.connect() as superuser:
            superuser.execute("DROP DATABASE omea")
            superuser.execute("DROP ROLE omea_owner")
        yield server


def test_they_are_enough_to_migrate_and_they_bind_the_api(server: Server) -> None:
    assert server.make_roles(PASSWORDS) == 0
    migrate.upgrade(postgres.database_url(server.data))
    asyncio.run(check_role(postgres.database_url(server.data, "omea_api")))
    with server.connect() as superuser:
        roles = superuser.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolbypassrls, rolpassword LIKE 'SCRAM%' "
            "FROM pg_authid WHERE rolname ~ '^(omea|temporal)' ORDER BY 1"
        ).fetchall()
        owners = superuser.execute(
            "SELECT datname, pg_get_userbyid(datdba) FROM pg_database "
            "WHERE datname ~ '^(omea|temporal)' ORDER BY 1"
        ).fetchall()
    assert roles == [
        ("omea_api", False, False, False, True),
        ("omea_owner", False, True, False, True),
        ("omea_worker", False, False, False, True),
        ("temporal", False, False, False, True),
    ]
    assert owners == [("omea", "omea_owner"), ("temporal", "temporal"), ("temporal_visibility", "temporal")]


def test_a_password_that_is_missing_stops_them(server: Server) -> None:
    without = {name: value for name, value in PASSWORDS.items() if name != "OMEA_API_PASSWORD"}
    assert server.make_roles(without) != 0
    with server.connect() as superuser:
        assert superuser.execute("SELECT FROM pg_roles WHERE rolname = 'omea_api'").fetchall() == []
