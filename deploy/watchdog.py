"""Ends a stack whose holder died without a word (`kill -9`, out of memory, a closed terminal).

Its standard input is a pipe held open by the holder: the end of that pipe is the holder's end,
on every system, with nothing to poll. `python -m deploy.watchdog VAR`
"""

import signal
import sys
from pathlib import Path

from deploy.stack_record import StackHeld, end_leftovers, hold


def main() -> int:
    # Ctrl-C and a closing terminal are for the holder to act upon; this one only outlives it.
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    sys.stdin.buffer.read()
    var = Path(sys.argv[1])
    if not (var / "stack.json").exists():
        return 0
    try:
        with hold(var, patience=0, announced=False):
            end_leftovers(var)
    except StackHeld:
        # A new stack took over: it ends the leftovers itself before it starts anything.
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
