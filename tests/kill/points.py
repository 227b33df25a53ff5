"""Where a part is killed: a test arms a point through a file that the processes look at, and it fires once.

A moment is named by what has just happened: `accept done`, `charge accepted`, `POST /v1/tickets answered`.
"""

import os
import re
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from deploy.stack_record import living, read_record

VICTIMS = ("worker", "api", "temporal", "postgres")
# A process that was killed is gone within milliseconds; its supervisor collects it, and starts another.
GONE_WITHIN_SECONDS = 5
BACK_WITHIN_SECONDS = 10


@dataclass(frozen=True)
class Point:
    """`victim` is the name of a part of the stack, one of `VICTIMS`."""

    victim: str
    moment: str

    def __str__(self) -> str:
        return f"{self.victim} at {self.moment}"


@dataclass(frozen=True)
class Killed:
    pid: int
    at: float


class Points:
    def __init__(self, var: Path) -> None:
        self._var = var
        self._directory = var / "kill-points"

    def arm(self, *points: Point) -> None:
        self._directory.mkdir(exist_ok=True)
        for point in points:
            self._fired(point).unlink(missing_ok=True)
            self._armed(point).touch()

    def disarm(self) -> None:
        for armed in self._directory.glob("*.armed"):
            armed.unlink()

    def killed(self, point: Point) -> Killed | None:
        """The process that was killed there, or None if the moment never came."""
        marker = self._fired(point)
        return _read(marker) if marker.exists() else None

    def kills(self) -> list[Killed]:
        """All of them, whichever demonstration they disturbed."""
        return [_read(marker) for marker in self._directory.glob("*.fired")]

    def reach(self, moment: str) -> None:
        """Kill whatever is to be killed at this moment, this process perhaps."""
        for victim in VICTIMS:
            point = Point(victim, moment)
            try:
                # Whoever renames it, in whichever process, is the only one to do so.
                self._armed(point).rename(self._fired(point))
            except FileNotFoundError:
                continue
            self._kill(point)

    def _kill(self, point: Point) -> None:
        pid = self._alive(point.victim)
        self._fired(point).write_text(str(pid))
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + GONE_WITHIN_SECONDS
        while living(pid) is not None and time.monotonic() < deadline:
            time.sleep(0.01)

    def _alive(self, victim: str) -> int:
        """The process that is this part now. Two moments may come together in two tickets: the second one
        waits for the part to be there again, or it would kill a dead one."""
        deadline = time.monotonic() + BACK_WITHIN_SECONDS
        while time.monotonic() < deadline:
            record = read_record(self._var)
            if record is None:
                raise AssertionError(f"no stack in {self._var}")
            recorded = record.processes[victim]
            if recorded.process() is not None:
                return recorded.pid
            time.sleep(0.01)
        raise AssertionError(f"{victim} has not been started again")

    def _armed(self, point: Point) -> Path:
        return self._directory / f"{_name(point)}.armed"

    def _fired(self, point: Point) -> Path:
        return self._directory / f"{_name(point)}.fired"


def _read(marker: Path) -> Killed:
    return Killed(int(marker.read_text()), marker.stat().st_mtime)


def _name(point: Point) -> str:
    return re.sub(r"\W+", "-", str(point))
