"""Two moments that come together kill two processes, or a demonstration was hurt less than it says."""

import os
import sys
from pathlib import Path

from deploy.supervisor import Part, Supervisor
from tests.kill.points import Point, Points

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_part_hurt_twice_at_once_is_killed_twice(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    try:
        supervisor.start(Part("worker", SLEEPER, os.environ))
        first, second = Point("worker", "accept done"), Point("worker", "notify done")
        points = Points(tmp_path)
        points.arm(first, second)

        points.reach(first.moment)
        points.reach(second.moment)

        killed = [points.killed(first), points.killed(second)]
        assert len({kill.pid for kill in killed if kill is not None}) == 2
    finally:
        supervisor.stop()
