import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from deploy.settings import process_environment
from deploy.stack_record import StackHeld, read_record
from deploy.supervisor import Part, PartFailed, Supervisor
from tests.deploy.conftest import a_python, processes_about, until


def a_part(name: str, script: str, directory: Path, **options: object) -> Part:
    # The directory is in the command line so that what is left of it can be found.
    command = [sys.executable, "-u", "-c", script, str(directory)]
    return Part(name, command, process_environment(), **options)  # type: ignore[arg-type]


SLEEP = "import time; print('hello'); time.sleep(600)"
STOPPED_IN_ORDER = """
import pathlib, signal, sys, time
def stop(*_):
    with open(pathlib.Path(sys.argv[1]) / 'stops', 'a') as stops: stops.write('{name} ')
    sys.exit()
signal.signal(signal.SIGTERM, stop)
print('armed')
time.sleep(600)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    running = Supervisor(tmp_path)
    yield running
    running.stop()


def test_a_part_that_dies_is_started_again(supervisor: Supervisor, tmp_path: Path) -> None:
    log = supervisor.log("sleeper")
    supervisor.start(a_part("sleeper", SLEEP, tmp_path, ready=lambda _: "hello" in log.read_text()))
    first = supervisor.kill("sleeper")
    assert until(lambda: supervisor.pid("sleeper") != first)
    record = read_record(tmp_path)
    assert record is not None
    assert record.processes["sleeper"].pid == supervisor.pid("sleeper")
    assert until(lambda: log.read_text() == "hello\nhello\n")


def test_a_part_is_started_once_the_one_before_it_is_ready(supervisor: Supervisor, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    slow = f"import pathlib, time; time.sleep(0.4); pathlib.Path({str(flag)!r}).touch(); time.sleep(600)"
    supervisor.start(a_part("slow", slow, tmp_path, ready=lambda _: flag.exists()))
    assert flag.exists()


def test_a_part_that_cannot_live_is_given_up_with_its_last_words(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.supervisor.FIRST_DELAY_SECONDS", 0.01)
    broken = a_part("broken", "import sys; sys.exit('no such table')", tmp_path, ready=lambda _: False)
    with pytest.raises(PartFailed) as failure:
        supervisor.start(broken)
    assert str(failure.value).splitlines() == [
        f"broken s'est arrêté 5 fois de suite, statut 1 (journal : {tmp_path}/log/broken.log)",
        *["  | no such table"] * 5,
    ]


def test_a_part_that_is_never_ready_is_given_up_in_time(supervisor: Supervisor, tmp_path: Path) -> None:
    never = a_part("never", SLEEP, tmp_path, ready=lambda _: False, ready_within_seconds=0.3)
    with pytest.raises(PartFailed, match="never n'est pas prêt après 0 s"):
        supervisor.start(never)


def test_a_step_that_fails_says_why(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(PartFailed, match=r"setup a échoué, statut 3[\s\S]*cannot"):
        supervisor.run(a_part("setup", "print('cannot'); raise SystemExit(3)", tmp_path))


def test_parts_are_stopped_last_first_and_none_is_left(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    for name in ("first", "second", "third"):
        script = STOPPED_IN_ORDER.replace("{name}", name)
        log = supervisor.log(name)
        supervisor.start(a_part(name, script, tmp_path, ready=lambda _, log=log: "armed" in log.read_text()))
    supervisor.stop()
    assert (tmp_path / "stops").read_text() == "third second first "
    assert processes_about(tmp_path) == []
    assert not (tmp_path / "stack.json").exists()


def test_a_part_deaf_to_its_stop_signal_is_killed_after_its_grace(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('armed'); time.sleep(600)"
    log = supervisor.log("deaf")
    ready = {"ready": lambda _: "armed" in log.read_text()}
    supervisor.start(a_part("deaf", deaf, tmp_path, grace_seconds=0.3, **ready))
    started = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - started < 2
    assert processes_about(tmp_path) == []


def test_a_second_one_on_the_same_directory_is_refused_with_the_pid_of_the_first(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    with pytest.raises(StackHeld, match=str(supervisor.record.holder.pid)):
        Supervisor(tmp_path)


HOLDER = """
import sys, time
from pathlib import Path
from deploy.supervisor import Part, Supervisor
from deploy.settings import process_environment
supervisor = Supervisor(Path(sys.argv[1]))
sleep = [sys.executable, '-c', 'import time; time.sleep(600)', sys.argv[1]]
for name in ('one', 'two'):
    supervisor.start(Part(name, sleep, process_environment()))
print('started', flush=True)
time.sleep(600)
"""


def test_no_process_is_left_when_the_supervisor_itself_is_killed(tmp_path: Path) -> None:
    holder = a_python(HOLDER, str(tmp_path))
    assert holder.stdout is not None
    assert holder.stdout.readline() == "started\n"
    assert len(processes_about(tmp_path)) == 4
    holder.kill()
    holder.wait()
    assert until(lambda: processes_about(tmp_path) == [])
    assert not (tmp_path / "stack.json").exists()


def the_watchdog_of(holder: int) -> psutil.Process:
    """Waited for: a process that has just been forked does not bear its own name yet."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for child in psutil.Process(holder).children():
            if "deploy.watchdog" in child.cmdline():
                return child
        time.sleep(0.02)
    raise AssertionError("no watchdog was started")


def test_a_next_start_ends_what_even_the_watchdog_could_not(tmp_path: Path) -> None:
    holder = a_python(HOLDER, str(tmp_path))
    assert holder.stdout is not None
    assert holder.stdout.readline() == "started\n"
    the_watchdog_of(holder.pid).kill()
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    # Killed is not gone yet.
    assert until(lambda: len(processes_about(tmp_path)) == 2)
    supervisor = Supervisor(tmp_path)
    left = [line for line in processes_about(tmp_path) if "deploy.watchdog" not in line]
    supervisor.stop()
    assert left == []
