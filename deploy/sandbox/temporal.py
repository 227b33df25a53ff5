"""The real Temporal server with its UI, from the wheel, keeping its data in a file."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

from deploy.sandbox.ports import LOOPBACK

# Looks for due timers every 10 ms rather than every second or so, and at its queues more often than 20 times
# a second: a demonstration made of waits of a second would otherwise last twice as long.
QUICK_TIMERS = (
    'history.timerProcessorMaxTimeShift="10ms"',
    "history.timerProcessorMaxPollRPS=1000",
    "history.transferProcessorMaxPollRPS=1000",
)
# A queue's rate is shared out among its partitions, four unless set: one of them that is empty for a moment
# loses its share, and a slow queue an eighth of its rate. One partition takes thousands of steps a second.
ONE_PARTITION = (
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
)


class TemporalMissing(Exception):
    def __init__(self) -> None:
        super().__init__("le programme « temporal » est introuvable : installer requirements/development.txt")


def temporal_program() -> Path:
    """The one that came with this environment, else the one on the path. Nothing is downloaded."""
    beside_python = Path(sysconfig.get_path("scripts")) / "temporal"
    if beside_python.exists():
        return beside_python
    on_path = shutil.which("temporal")
    if on_path is None:
        raise TemporalMissing
    return Path(on_path)


def command(
    database: Path,
    *,
    port: int,
    ui_port: int,
    metrics_port: int,
    codec_url: str | None = None,
    namespace: str = "omea",
    log_level: str = "warn",
    quick_timers: bool = False,
) -> list[str]:
    """The command line of the server. Retention and search attributes are set by `prepare_namespace`.

    `quick_timers` for a demonstration, whose deadlines are seconds.
    """
    options = {
        "--db-filename": str(database),
        "--ip": LOOPBACK,
        "--port": str(port),
        "--ui-port": str(ui_port),
        "--ui-ip": LOOPBACK,
        "--metrics-port": str(metrics_port),
        "--namespace": namespace,
        "--log-format": "json",
        "--log-level": log_level,
    }
    if codec_url is not None:
        options["--ui-codec-endpoint"] = codec_url
    line = [str(temporal_program()), "server", "start-dev"]
    for name, value in options.items():
        line += [name, value]
    for setting in (*ONE_PARTITION, *(QUICK_TIMERS if quick_timers else ())):
        line += ["--dynamic-config-value", setting]
    return line


def _ask(address: str, *question: str) -> str:
    """The answer of the server's own command line, empty when it does not answer."""
    try:
        done = subprocess.run(
            [str(temporal_program()), *question, "--address", address],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout if done.returncode == 0 else ""


def is_serving(address: str) -> bool:
    return "SERVING" in _ask(address, "operator", "cluster", "health")


def is_polled_by(address: str, namespace: str, task_queue: str, pid: int) -> bool:
    """Whether the worker of process `pid` asks for work: only then is it ready."""
    queue = ("--namespace", namespace, "--task-queue", task_queue)
    # The newer mode answers from a cache of several seconds; this one tells who asks at this moment.
    answer = _ask(address, "task-queue", "describe", *queue, "--legacy-mode", "-o", "json")
    # The SDK's default identity is pid@host.
    return f'"{pid}@' in answer
