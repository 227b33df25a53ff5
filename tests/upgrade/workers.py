"""Workers as processes of their own beside a stack that has none: of any build, of any commit."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from deploy.sandbox.ports import LOOPBACK, free_port, is_free
from deploy.sandbox.temporal import is_polled_by
from deploy.settings import Settings
from deploy.stack import Stack
from deploy.wiring import GRACE
from tests.deploy.conftest import until

# What a busy machine takes to end a process whose work is done.
TO_END_SECONDS = 5
READY_WITHIN_SECONDS = 60
PROGRAM = ("-m", "deploy.worker")


@dataclass(frozen=True)
class Stopped:
    """`status` as the system tells it: 0, or -9 for one that had to be killed."""

    status: int
    seconds: float

    @property
    def in_time(self) -> bool:
        return self.status == 0 and self.seconds < GRACE.total_seconds() + TO_END_SECONDS


class Worker:
    """`health` is where it is asked after its own."""

    def __init__(self, process: subprocess.Popen[bytes], settings: Settings, health: str) -> None:
        self._process = process
        self._settings = settings
        self.health = health

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_ready(self) -> bool:
        given = self._settings
        return is_polled_by(given.temporal_address, given.temporal_namespace, given.task_queue, self.pid)

    def stop(self) -> Stopped:
        """As an orchestrator does: SIGTERM, then its grace, then SIGKILL."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(2 * GRACE.total_seconds())
        except subprocess.TimeoutExpired:
            self.kill()
        return Stopped(self._process.returncode, time.monotonic() - began)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def a_worker(
    stack: Stack,
    build: str,
    code: Path | None = None,
    program: Sequence[str] = PROGRAM,
    given: Mapping[str, str] | None = None,
) -> Iterator[Worker]:
    """Ready, of that build, and gone at the end. `code` is the checkout whose code it runs, `program` what
    its Python is told, `given` settings that the stack does not have."""
    here, port = code or Path(__file__).parents[2], free_port()
    environment = stack.process_environment("worker") | {
        "OMEA_BUILD_ID": build,
        "HEALTH_PORT": str(port),
        "PYTHONPATH": str(here),
        "PATH": os.environ["PATH"],
        **(given or {}),
    }
    # One of them tells its figures where the demonstration asks a worker of the stack for them.
    if is_free(figures := urlsplit(stack.url("worker_metrics")).port or 0):
        environment["METRICS_PORT"] = str(figures)
    # All write where the demonstration looks for what a worker of the stack has written.
    written = stack.var / "log" / "worker.log"
    with written.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *program],
            cwd=here,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    worker = Worker(process, stack.settings("worker"), f"http://{LOOPBACK}:{port}")
    try:
        assert until(lambda: worker.is_ready or process.poll() is not None, READY_WITHIN_SECONDS)
        assert process.poll() is None, written.read_text()[-2000:]
        yield worker
    finally:
        worker.kill()
