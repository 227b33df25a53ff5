import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psycopg
import pytest

from deploy.sandbox import postgres


class Server:
    def __init__(self, data: Path, log: IO[str] | int = subprocess.DEVNULL) -> None:
        self.data = data
        self.log = log
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "deploy.sandbox.postgres", "--data", str(self.data), "--throw-away"]
        self.process = subprocess.Popen(command, stderr=self.log)
        postgres.wait_until_ready(self.data)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(20)

    def connect(self, role: str = postgres.OWNER) -> psycopg.Connection[tuple[object, ...]]:
        url = postgres.database_url(self.data, role).replace("+psycopg", "")
        return psycopg.connect(url, autocommit=True)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """For the tests that only look."""
    running = Server(tmp_path_factory.mktemp("shared") / "postgres" / "data")
    yield running
    running.end(signal.SIGINT)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "postgres" / "data")
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGINT)


def test_the_owner_may_make_roles_and_extensions_and_is_no_superuser(shared: Server) -> None:
    with shared.connect() as owner:
        owner.execute("CREATE ROLE omea_worker LOGIN")
        owner.execute("GRANT CONNECT ON DATABASE omea TO omea_worker")
        for extension in ("btree_gist", "pg_trgm", "citext"):
            owner.execute(f"CREATE EXTENSION {extension}")
        rights = owner.execute(
            "SELECT rolname::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'omea%' ORDER BY 1"
        ).fetchall()
    with shared.connect("omea_worker") as worker:
        assert worker.execute("SELECT current_user::text").fetchone() == ("omea_worker",)
    assert rights == [("omea_owner", False, False), ("omea_worker", False, False)]


def test_a_role_that_was_granted_nothing_does_not_connect(shared: Server) -> None:
    with shared.connect() as owner:
        owner.execute("CREATE ROLE stranger LOGIN")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        shared.connect("stranger")


def test_only_a_private_socket_is_open(shared: Server) -> None:
    with shared.connect() as owner:
        assert owner.execute("SHOW listen_addresses").fetchone() == ("",)
    assert oct(postgres.socket_directory(shared.data).stat().st_mode & 0o777) == "0o700"


def test_rows_survive_a_kill_in_the_middle_of_a_busy_session(server: Server) -> None:
    with server.connect() as owner:
        owner.execute("CREATE TABLE visit AS SELECT 1 AS n")
    # Its server process does not notice the death of its parent, and holds the shared memory.
    busy = server.connect()

    def count_for_ever() -> None:
        with pytest.raises(psycopg.OperationalError):
            busy.execute("SELECT count(*) FROM generate_series(1, 1000000000000::bigint)")

    counting = threading.Thread(target=count_for_ever)
    counting.start()
    server.end(signal.SIGKILL)
    server.start()
    counting.join(10)
    with server.connect() as owner:
        assert owner.execute("SELECT n FROM visit").fetchall() == [(1,)]


def test_an_interrupt_stops_it_cleanly_without_waiting_for_its_clients(server: Server) -> None:
    with server.connect():
        assert server.end(signal.SIGINT) == 0
    assert not (server.data / "postmaster.pid").exists()


def test_a_second_server_of_the_same_data_is_refused(shared: Server) -> None:
    command = [sys.executable, "-m", "deploy.sandbox.postgres", "--data", str(shared.data)]
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (second.returncode, second.stderr) == (
        1,
        f"{shared.data} est déjà servi par le processus {shared.process.pid}\n",
    )


def test_a_stale_lock_naming_somebody_elses_process_does_not_prevent_a_start(server: Server) -> None:
    server.end(signal.SIGKILL)
    lock = server.data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    # After a restart of the machine any process may have that number: here, this test's.
    lock.write_text("\n".join([str(threading.get_native_id()), *lines[1:]]))
    server.start()
    assert postgres.is_ready(server.data)


def test_a_deep_directory_still_gets_a_socket_path_the_system_accepts(tmp_path: Path) -> None:
    deep = tmp_path / "/".join(["directory"] * 12) / "postgres" / "data"
    server = Server(deep)
    try:
        assert len(str(postgres.socket_directory(deep))) < 100
        with server.connect() as owner:
            assert owner.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.end(signal.SIGINT)


def test_a_creation_cut_short_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.with_name("data.draft").mkdir(parents=True)
    (data.with_name("data.draft") / "PG_VERSION").write_text("18")
    if (account := postgres._account()) is not None:
        for path in (data.with_name("data.draft"), data.with_name("data.draft") / "PG_VERSION"):
            os.chown(path, account.pw_uid, account.pw_gid)
    server = Server(data)
    assert server.end(signal.SIGINT) == 0


def test_the_servers_log_tells_of_a_refusal_without_what_was_written(tmp_path: Path) -> None:
    """Neither the statement, nor its parameters, nor the row or key that was refused."""
    log = tmp_path / "postgres.log"
    with log.open("w") as file:
        running = Server(tmp_path / "postgres" / "data", file)
        try:
            with running.connect() as owner:
                owner.execute("CREATE TABLE known (mail text UNIQUE CHECK (mail <> ''), code int NOT NULL)")
                owner.execute("INSERT INTO known VALUES (%s, 1)", ["claire@example.fr"])
                for refused in (
                    "INSERT INTO known VALUES ('claire@example.fr', 2)",
                    "INSERT INTO known VALUES ('claire@example.net', NULL)",
                    "UPDATE known SET mail = '' WHERE mail = 'claire@example.fr'",
                ):
                    with pytest.raises(psycopg.IntegrityError):
                        owner.execute(refused)
                with pytest.raises(psycopg.IntegrityError):
                    owner.execute("INSERT INTO known VALUES (%s, %s)", ["claire@example.fr", 2])
        finally:
            running.end(signal.SIGINT)
    told = log.read_text()
    assert "duplicate key value violates unique constraint" in told
    assert "claire" not in told
