"""`make bench`: what is promised of the month's end, measured in one run, as ratios. Takes some minutes.

Nothing is asserted: a busy machine is slower, not wrong. The figures are read by people.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.bench import previews, runs
from tests.support.postgres import quick_directory, running_cluster

SIZES = (100, 300, 1000)
GAINS_EACH = 100
PER_SECOND = 5


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(sizes: tuple[int, ...]) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="omea-bench-", dir=quick_directory()) as directory,
        running_cluster(Path(directory)) as cluster,
    ):
        say(f"Preview of a month, {GAINS_EACH} gains each: medians of {previews.ROUNDS} rounds")
        for technicians in sizes:
            seen = await previews.measure(cluster, technicians, GAINS_EACH)
            say(
                f"  {technicians:5} technicians: bare sum {seen.bare * 1000:7.1f} ms, "
                f"preview {seen.preview * 1000:7.1f} ms, ratio {seen.ratio:.2f}, "
                f"{seen.preview / technicians * 1000:.2f} ms a technician"
            )
        say(f"Run of a month, {GAINS_EACH} gains each, transfers at {PER_SECOND} a second")
        for technicians in sizes:
            say(str(await runs.measure(cluster, technicians, GAINS_EACH, PER_SECOND)))


if __name__ == "__main__":
    asyncio.run(main(tuple(int(size) for size in sys.argv[1:]) or SIZES))
