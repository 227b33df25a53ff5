"""The composition of the parts. Our own processes are left out: they have tests of their own."""

import signal
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from deploy.settings import StackSettings, read_stack_settings
from deploy.stack import Stack, StackAbsent, attach, running_stack
from deploy.stack_record import StackHeld
from tests.deploy.conftest import a_python, processes_about, until


def _rows(stack: Stack) -> list[tuple[int]]:
    url = stack.settings("owner").database_url.get_secret_value().replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS visit (n int)")
        connection.execute("INSERT INTO visit SELECT count(*) + 1 FROM visit")
        return connection.execute("SELECT n FROM visit ORDER BY n").fetchall()


def test_each_role_gets_its_own_database_url_and_otherwise_the_same_settings(outside: Stack) -> None:
    roles = {role: outside.environment(role) for role in ("owner", "worker", "api")}
    urls = {role: environment.pop("DATABASE_URL") for role, environment in roles.items()}
    sockets = outside.var / "postgres" / "socket"
    assert urls == {
        role: f"postgresql+psycopg://omea_{role}@/omea?host={sockets}" for role in ("owner", "worker", "api")
    }
    assert roles["owner"] == roles["worker"] == roles["api"]


def test_anydesks_log_is_the_one_that_is_named(outside: Stack, tmp_path: Path) -> None:
    given = {
        "ANYDESK_API_BASE": "http://127.0.0.1:8110",
        "ANYDESK_LICENSE": "1438129266231705",
        "ANYDESK_API_KEY": "the-key",
    }
    with running_stack(tmp_path, parts=(), any_ports=True, given=read_stack_settings(given)) as stack:
        told = stack.environment("worker")
    assert {name: value for name, value in told.items() if name.startswith("ANYDESK")} == given
    assert [name for name in outside.environment("worker") if name.startswith("ANYDESK")] == []


def test_sms_go_where_somebody_takes_them_and_nowhere_without(outside: Stack, tmp_path: Path) -> None:
    url = "jsons://sms.example/the-key/{number}"
    given = read_stack_settings({"SMS_URL": url})
    with running_stack(tmp_path, parts=(), any_ports=True, given=given) as stack:
        told = stack.settings("worker").sms_url
    assert told is not None
    assert told.get_secret_value() == url
    assert outside.settings("worker").sms_url is None


@pytest.mark.parametrize("name", ["postgres", "temporal", "mailbox", "codec"])
def test_a_part_killed_comes_back_as_another_process(outside: Stack, name: str) -> None:
    killed = outside.kill(name)
    assert outside.wait_restarted(name, killed) == outside.pid(name) != killed


def test_another_process_finds_the_stack_and_may_kill_its_parts(outside: Stack) -> None:
    found = attach(outside.var)
    assert (found.environment("api"), found.urls) == (outside.environment("api"), outside.urls)
    killed = found.kill("mailbox")
    assert found.wait_restarted("mailbox", killed) == outside.pid("mailbox")


def test_a_part_can_be_away_for_a_while(outside: Stack) -> None:
    outside.wait_restarted("mailbox", killed=0)
    with outside.outage("mailbox"):
        with pytest.raises(httpx.ConnectError):
            httpx.get(outside.url("mailbox"))
        with pytest.raises(StackAbsent, match="mailbox"):
            attach(outside.var)
    assert httpx.get(outside.url("mailbox")).status_code == 200


def test_a_second_stack_on_the_same_directory_is_refused(outside: Stack) -> None:
    with pytest.raises(StackHeld, match=str(psutil.Process().pid)), running_stack(outside.var):
        pass


def test_stacks_side_by_side_share_no_port(
    outside: Stack, tmp_path: Path, nothing_given: StackSettings
) -> None:
    parts = ("mailbox", "codec")
    with running_stack(tmp_path, parts=parts, any_ports=True, given=nothing_given) as other:
        assert set(other.urls.values()) & set(outside.urls.values()) == set()
        assert httpx.get(other.url("mailbox")).status_code == 200


def test_yesterdays_rows_and_keys_are_found_again(tmp_path: Path, nothing_given: StackSettings) -> None:
    seen = []
    for _ in range(2):
        with running_stack(tmp_path, parts=("postgres",), any_ports=True, given=nothing_given) as stack:
            seen.append((_rows(stack), stack.environment("api")["PAYLOAD_KEY"]))
    key = seen[0][1]
    assert seen == [([(1,)], key), ([(1,), (2,)], key)]
    assert processes_about(tmp_path) == []
    assert oct((tmp_path / "secrets.json").stat().st_mode & 0o777) == "0o600"


def test_a_part_that_exists_elsewhere_is_not_started(tmp_path: Path) -> None:
    elsewhere = {
        "DATABASE_URL": "postgresql://omea@db.example/omea",
        "DATABASE_URL_API": "postgresql://api@db.example/omea",
        "TEMPORAL_ADDRESS": "temporal.example:7233",
        "STRIPE_API_KEY": "sk_test_elsewhere",
        "STRIPE_WEBHOOK_SECRET": "whsec_elsewhere",
        "STRIPE_CONNECT_WEBHOOK_SECRET": "whsec_of_accounts",
        "SMTP_URL": "smtps://mail.example:465",
        "OIDC_ISSUERS": "[]",
        "OIDC_CLIENT_SECRETS": "{}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example:4318",
    }
    started: list[str] = []
    outside = ("postgres", "temporal", "stripe", "mailbox", "oidc", "codec")
    given = read_stack_settings(elsewhere)
    with running_stack(tmp_path, parts=outside, any_ports=True, given=given, tell=started.append) as stack:
        told = stack.environment("worker") | {"DATABASE_URL_API": stack.environment("api")["DATABASE_URL"]}
        assert set(stack.urls) == {"api", "codec", "metrics", "worker_metrics", "api_metrics"}
    assert started == ["codec"]
    assert {name: told[name] for name in elsewhere} == elsewhere
    assert "STRIPE_API_BASE" not in told


HOLDER = """
import sys, time
from pathlib import Path
from deploy.settings import read_stack_settings
from deploy.stack import running_stack
given = read_stack_settings({})
with running_stack(Path(sys.argv[1]), parts=('postgres', 'temporal'), any_ports=True, given=given):
    print('up', flush=True)
    time.sleep(600)
"""


def test_nothing_is_left_of_a_stack_whose_holder_is_killed_and_its_directory_can_be_used_again(
    tmp_path: Path, nothing_given: StackSettings
) -> None:
    holder = a_python(HOLDER, str(tmp_path))
    assert holder.stdout is not None
    assert holder.stdout.readline() == "up\n"
    rows = _rows(attach(tmp_path))
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    # At once, without waiting for the watchdog to have finished.
    with running_stack(tmp_path, parts=("postgres",), any_ports=True, given=nothing_given) as stack:
        assert (rows, _rows(stack)) == ([(1,)], [(1,), (2,)])
    assert until(lambda: processes_about(tmp_path) == [])


def test_there_is_nothing_to_attach_to_in_an_empty_directory(tmp_path: Path) -> None:
    with pytest.raises(StackAbsent, match="aucun environnement ne tourne"):
        attach(tmp_path)
