"""Keeps named processes alive: started in order, restarted when they die, stopped in reverse.

Each is a session of its own, so that Ctrl-C reaches the supervisor alone and the order of the stop
is ours. What runs is written to `stack.json` at once; a watchdog ends it if the supervisor cannot.
"""

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.stack_record import RecordedProcess, StackRecord, end_leftovers, hold

# A process that dies younger than this would die again: it is given fewer and fewer chances.
QUICK_DEATH_SECONDS = 5.0
QUICK_DEATHS_ALLOWED = 5
FIRST_DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 5.0
TAIL_LINES = 20


class PartFailed(Exception):
    """A part of the stack does not start, or not any more. The message ends with its last words."""

    def __init__(self, name: str, what: str, log: Path) -> None:
        self.name = name
        lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:] if log.exists() else []
        super().__init__("\n".join([f"{name} {what} (journal : {log})", *(f"  | {line}" for line in lines)]))


@dataclasses.dataclass(frozen=True)
class Part:
    """One process. `ready` is asked with its pid, again and again, until it says yes."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ready: Callable[[int], bool] = lambda pid: True
    ready_within_seconds: float = 60
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 10


@dataclasses.dataclass
class _Running:
    part: Part
    process: subprocess.Popen[bytes]
    started: float
    quick_deaths: int = 0
    restart_at: float | None = None
    # Killed by a test, or held down on purpose: not a sign that it cannot live.
    death_expected: bool = False
    held_down: bool = False


class Supervisor:
    """Holds `var` from construction to `stop()`. Raises StackHeld when another one does."""

    def __init__(self, var: Path) -> None:
        self.var = var.resolve()
        self._lock_file = hold(self.var)
        end_leftovers(self.var)
        self.log_directory = self.var / "log"
        self.log_directory.mkdir(exist_ok=True)
        self.record = StackRecord(RecordedProcess.of(os.getpid()))
        self.failure: PartFailed | None = None
        self._running: dict[str, _Running] = {}
        self._mutex = threading.RLock()
        self._stopping = threading.Event()
        self.record.write(self.var)
        self._watchdog = subprocess.Popen(
            [sys.executable, "-m", "deploy.watchdog", str(self.var)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._watch = threading.Thread(target=self._watch_over, name="supervisor", daemon=True)
        self._watch.start()

    def log(self, name: str) -> Path:
        return self.log_directory / f"{name}.log"

    def start(self, *parts: Part) -> None:
        """Starts parts that do not need each other, and waits until all are ready. Raises PartFailed."""
        for part in parts:
            log = self.log(part.name)
            if log.exists():
                log.rename(log.with_suffix(".previous.log"))
            with self._mutex:
                self._running[part.name] = _Running(part, self._spawn(part), time.monotonic())
        for part in parts:
            self.wait_ready(part.name)

    def run(self, part: Part) -> None:
        """Runs a step to its end. Raises PartFailed when it fails or takes longer than allowed."""
        self.log(part.name).unlink(missing_ok=True)
        with self._mutex:
            process = self._spawn(part)
        try:
            status = process.wait(part.ready_within_seconds)
        except subprocess.TimeoutExpired:
            raise PartFailed(
                part.name, f"n'a pas fini en {part.ready_within_seconds:.0f} s", self.log(part.name)
            ) from None
        finally:
            self._end(part, process)
            self._forget(part.name)
        if status != 0:
            raise PartFailed(part.name, f"a échoué, statut {status}", self.log(part.name))

    def wait_ready(self, name: str) -> None:
        part = self._running[name].part
        deadline = time.monotonic() + part.ready_within_seconds
        pause = 0.05
        while True:
            if self.failure is not None:
                raise self.failure
            running = self._running[name]
            if running.process.poll() is None and part.ready(running.process.pid):
                return
            if time.monotonic() > deadline:
                what = f"n'est pas prêt après {part.ready_within_seconds:.0f} s"
                raise PartFailed(name, what, self.log(name))
            time.sleep(pause)
            # Some questions start a program: asked without pause, they slow down what they wait for.
            pause = min(pause * 1.5, 0.4)

    def pid(self, name: str) -> int:
        return self._running[name].process.pid

    def kill(self, name: str) -> int:
        """`kill -9`; the part is then restarted like after any death. Returns the pid killed."""
        with self._mutex:
            running = self._running[name]
            running.death_expected = True
            running.process.kill()
            running.process.wait()
            return running.process.pid

    def hold_down(self, name: str) -> None:
        """Stops a part and keeps it stopped until `resume`: an outage."""
        with self._mutex:
            running = self._running[name]
            running.held_down = True
            self._end(running.part, running.process)

    def resume(self, name: str) -> None:
        with self._mutex:
            running = self._running[name]
            running.held_down = False
            running.death_expected = True
        self._wait_for_another(name, running.process.pid)
        self.wait_ready(name)

    def stop(self) -> None:
        """Stops every part, last started first, each within its grace."""
        self._stopping.set()
        self._watch.join()
        with self._mutex:
            for running in reversed(self._running.values()):
                self._end(running.part, running.process)
            self._running.clear()
            (self.var / "stack.json").unlink(missing_ok=True)
        if self._watchdog.stdin is not None:
            self._watchdog.stdin.close()
        self._watchdog.wait()
        self._lock_file.close()

    def publish(self, urls: Mapping[str, str], environments: Mapping[str, dict[str, str]]) -> None:
        with self._mutex:
            self.record.urls = dict(urls)
            self.record.environments = dict(environments)
            self.record.write(self.var)

    def announce_ready(self) -> None:
        with self._mutex:
            self.record.ready = True
            self.record.write(self.var)

    def _wait_for_another(self, name: str, pid: int) -> None:
        while self._running[name].process.pid == pid and self.failure is None:
            time.sleep(0.02)

    def _spawn(self, part: Part) -> subprocess.Popen[bytes]:
        with self.log(part.name).open("ab") as log:
            process = subprocess.Popen(
                list(part.command),
                env=dict(part.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.record.processes[part.name] = RecordedProcess.of(
            process.pid, stop_signal=int(part.stop_signal), grace_seconds=part.grace_seconds
        )
        self.record.write(self.var)
        return process

    def _forget(self, name: str) -> None:
        with self._mutex:
            self.record.processes.pop(name, None)
            self.record.write(self.var)

    def _end(self, part: Part, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is not None:
            return
        process.send_signal(part.stop_signal)
        try:
            process.wait(part.grace_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _watch_over(self) -> None:
        while not self._stopping.wait(0.05):
            with self._mutex:
                for running in self._running.values():
                    if running.process.poll() is not None and not running.held_down:
                        self._mourn(running)

    def _mourn(self, running: _Running) -> None:
        now = time.monotonic()
        if running.restart_at is None:
            quick = now - running.started < QUICK_DEATH_SECONDS and not running.death_expected
            running.quick_deaths = running.quick_deaths + 1 if quick else 0
            running.death_expected = False
            if running.quick_deaths >= QUICK_DEATHS_ALLOWED:
                what = (
                    f"s'est arrêté {running.quick_deaths} fois de suite, statut {running.process.returncode}"
                )
                self.failure = self.failure or PartFailed(
                    running.part.name, what, self.log(running.part.name)
                )
                running.held_down = True
                return
            delay = FIRST_DELAY_SECONDS * 2**running.quick_deaths
            running.restart_at = now + min(delay, LONGEST_DELAY_SECONDS)
        elif now >= running.restart_at:
            running.process = self._spawn(running.part)
            running.started = time.monotonic()
            running.restart_at = None
