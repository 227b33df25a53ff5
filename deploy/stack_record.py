"""What a running stack leaves in `var/`: who holds it, its processes, its urls and settings.

The record outlives the holder on purpose: whoever finds it knows what to end. A pid alone proves
nothing once its process is gone, so each goes with the time at which its process was created.
"""

import dataclasses
import fcntl
import json
import os
import signal
import time
from pathlib import Path
from typing import IO, Any

import psutil  # type: ignore[import-untyped]


class StackHeld(Exception):
    def __init__(self, var: Path, pid: str) -> None:
        super().__init__(f"{var} sert déjà à un autre environnement : processus {pid or 'inconnu'}")


def living(pid: int) -> psutil.Process | None:
    """A zombie is over, even where nobody collects it (the first process of many containers)."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except psutil.Error:
        return None


@dataclasses.dataclass(frozen=True)
class RecordedProcess:
    pid: int
    created: float
    stop_signal: int = signal.SIGTERM
    grace_seconds: float = 10

    @classmethod
    def of(cls, pid: int, **how_to_stop: Any) -> "RecordedProcess":
        try:
            created = psutil.Process(pid).create_time()
        except psutil.NoSuchProcess:
            created = 0.0
        return cls(pid, created, **how_to_stop)

    def process(self) -> psutil.Process | None:
        """The living process, or None once it ended (or its pid now belongs to another)."""
        process = living(self.pid)
        try:
            same = process is not None and abs(process.create_time() - self.created) < 2
        except psutil.Error:
            return None
        return process if same else None


@dataclasses.dataclass
class StackRecord:
    holder: RecordedProcess
    processes: dict[str, RecordedProcess] = dataclasses.field(default_factory=dict)
    urls: dict[str, str] = dataclasses.field(default_factory=dict)
    environments: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    ready: bool = False

    def write(self, var: Path) -> None:
        draft = var / "stack.json.draft"
        # It holds the sandbox's keys: for their owner's eyes, like secrets.json.
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(dataclasses.asdict(self), file, indent=2)
        draft.rename(var / "stack.json")


def read_record(var: Path) -> StackRecord | None:
    try:
        given = json.loads((var / "stack.json").read_text())
    except (FileNotFoundError, PermissionError):
        return None
    return StackRecord(
        holder=RecordedProcess(**given["holder"]),
        processes={name: RecordedProcess(**process) for name, process in given["processes"].items()},
        urls=given["urls"],
        environments=given["environments"],
        ready=given["ready"],
    )


def hold(var: Path, patience: float = 30, *, announced: bool = True) -> IO[str]:
    """Takes `var` for this process, as long as the returned file stays open. Raises StackHeld.

    Waits when the holder is dead but its leftovers are still being ended: who ends them holds `var`
    without announcing itself as the one who uses it.
    """
    var.mkdir(parents=True, exist_ok=True)
    lock = (var / "stack.lock").open("a+")
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            pid = lock.read().strip()
            alive = pid.isdigit() and living(int(pid)) is not None
            if alive or time.monotonic() > deadline:
                lock.close()
                raise StackHeld(var, pid) from None
            time.sleep(0.1)
        else:
            if announced:
                lock.truncate(0)
                lock.write(str(os.getpid()))
                lock.flush()
            return lock


def end_leftovers(var: Path) -> list[str]:
    """Ends what a dead holder left, last started first, and forgets it. The caller holds `var`."""
    record = read_record(var)
    if record is None:
        return []
    ended = [name for name, recorded in reversed(record.processes.items()) if _end(recorded)]
    (var / "stack.json").unlink(missing_ok=True)
    return ended


def _end(recorded: RecordedProcess) -> bool:
    """Asks, waits its grace, then kills. False when there was nothing to end."""
    process = recorded.process()
    if process is None:
        return False
    deadline = time.monotonic() + recorded.grace_seconds
    try:
        process.send_signal(recorded.stop_signal)
        while recorded.process() is not None:
            if time.monotonic() > deadline:
                process.kill()
            time.sleep(0.05)
    except psutil.NoSuchProcess:
        return True
    return True
