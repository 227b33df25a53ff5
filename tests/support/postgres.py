"""A throw-away Postgres for the tests of one process, and a migrated database for each who asks."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from db import migrate
from deploy.sandbox import postgres
from tests.support.pristine import Connection, Pristine

TEMPLATE = postgres.DATABASE
# Where Linux keeps files in memory: a database is copied there in a tenth of the time a disk takes.
MEMORY = Path("/dev/shm")  # noqa: S108  # only a private directory below it is used
# A cluster with a database or two takes a fifth of it; a container often has next to nothing.
ENOUGH_BYTES = 1 << 30
# What is deleted stays in its files, and is passed over by whoever reads them.
USES = 50


@dataclass(frozen=True)
class Database:
    """One database; `url(role)` for `omea_owner`, `omea_worker` or `omea_api`."""

    data: Path
    name: str
    # The superuser's, kept: a new one takes as long as a hundred questions.
    _kept: list[Connection] = field(default_factory=list, repr=False, compare=False)

    def url(self, role: str) -> str:
        return postgres.database_url(self.data, role).replace(f"/{TEMPLATE}?", f"/{self.name}?")

    def connect(self, role: str = "postgres", **asker: str) -> Connection:
        """`person`, `role_` and what else of `omea.…` row-level security is to know, for as long as the
        connection is open."""
        told = " ".join(f"-c omea.{name.rstrip('_')}={value}" for name, value in asker.items())
        return psycopg.connect(self.url(role).replace("+psycopg", ""), autocommit=True, options=told)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read as the superuser, whom no policy binds."""
        return self._asked(query, values).fetchall()

    def execute(self, statement: str, *values: Any) -> None:
        self._asked(statement, values)

    def close(self) -> None:
        while self._kept:
            self._kept.pop().close()

    def superuser(self) -> Connection:
        """The connection that is kept."""
        if not self._kept:
            self._kept.append(self.connect())
        return self._kept[0]

    def _asked(self, statement: str, values: tuple[Any, ...]) -> psycopg.Cursor[tuple[Any, ...]]:
        try:
            return self.superuser().execute(statement, values, prepare=False)
        except psycopg.OperationalError:
            if not self.superuser().broken:
                raise
            # The server was killed meanwhile, and is another one now.
            self.close()
            return self.superuser().execute(statement, values, prepare=False)

    @contextmanager
    def out_of_reach(self, table: str) -> Iterator[None]:
        """Nobody can write to the table meanwhile: who tries waits, gives up, and tries again."""
        with self.connect() as connection, connection.transaction():
            connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
            yield

    def counts(self) -> dict[str, int]:
        """How many rows each table has: the same before and after proves that nothing was written."""
        tables = self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        counting = ", ".join(f"(SELECT count(*) FROM {table})" for (table,) in tables)
        [counts] = self.rows(f"SELECT {counting}")
        return {table: count for (table,), count in zip(tables, counts, strict=True)}


class Cluster:
    def __init__(self, data: Path) -> None:
        self._data = data
        self._numbers = count(1)
        self._pristine: Pristine | None = None
        self._free: list[tuple[Database, int]] = []

    @contextmanager
    def new_database(self) -> Iterator[Database]:
        """As the migrations left it. Whoever is still connected at the end is sent away."""
        database, uses = self._free.pop() if self._free else (self._copied(), 0)
        try:
            yield database
        finally:
            if uses + 1 < USES and self._restored(database):
                self._free.append((database, uses + 1))
            else:
                database.close()
                with Database(self._data, "postgres").connect() as connection:
                    connection.execute(f"DROP DATABASE {database.name} WITH (FORCE)")

    def _copied(self) -> Database:
        """A copy of the migrated template, in a few milliseconds instead of all migrations."""
        fresh = Database(self._data, f"test_{next(self._numbers)}")
        with Database(self._data, "postgres").connect() as connection:
            connection.execute(
                # File by file: through the log, each page would be written twice.
                f"CREATE DATABASE {fresh.name} TEMPLATE {TEMPLATE} OWNER omea_owner STRATEGY FILE_COPY"
            )
            connection.execute(f"GRANT CONNECT ON DATABASE {fresh.name} TO omea_worker, omea_api")
        if self._pristine is None:
            with fresh.connect() as superuser:
                self._pristine = Pristine.of(superuser)
        return fresh

    def _restored(self, database: Database) -> bool:
        assert self._pristine is not None
        try:
            return self._pristine.restored(database.superuser())
        except psycopg.Error:
            return False

    def empty_database(self) -> Database:
        """One that no migration has touched."""
        fresh = Database(self._data, f"test_{next(self._numbers)}")
        with Database(self._data, "postgres").connect() as connection:
            connection.execute(f"CREATE DATABASE {fresh.name} OWNER omea_owner")
        return fresh


def quick_directory() -> str | None:
    """Below which a cluster is quickest, None for wherever temporary files go."""
    return str(MEMORY) if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES else None


@contextmanager
def running_cluster(directory: Path) -> Iterator[Cluster]:
    data = directory / "data"
    log = directory / "postgres.log"
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "deploy.sandbox.postgres", "--data", str(data), "--throw-away"],
            stdout=written,
            stderr=written,
            # Signals meant for the tests are not meant for their database.
            start_new_session=True,
        )
    try:
        postgres.wait_until_ready(data)
        migrate.upgrade(postgres.database_url(data))
        yield Cluster(data)
        if server.poll() is not None:
            tail = log.read_text()[-2000:]
            raise RuntimeError(f"Postgres ended by itself ({server.returncode}) during the tests:\n{tail}")
    finally:
        # At once: nothing in it is worth a last checkpoint.
        server.send_signal(signal.SIGQUIT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
