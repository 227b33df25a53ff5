"""The port people expect, or the next free one."""

import errno
import random
import socket
from collections.abc import Collection

LOOPBACK = "127.0.0.1"
# Below the range from which systems take the ports of outgoing connections: such a port,
# found free now, could be lent to a connection before its server starts.
QUIET_PORTS = range(20_000, 32_000)


class NoFreePort(Exception):
    def __init__(self, first: int, last: int) -> None:
        super().__init__(f"aucun port libre entre {first} et {last}")


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as answering:
        answering.settimeout(0.5)
        # macOS lets one bind 127.0.0.1 over a server of 0.0.0.0: asking whether anybody answers tells.
        if answering.connect_ex((LOOPBACK, port)) == 0:
            return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        # As servers do: connections of yesterday still closing do not make a port busy.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def free_port(preferred: int = 0, taken: Collection[int] = (), attempts: int = 200) -> int:
    """`preferred` or the next free port, none of `taken`. 0 means anywhere, for stacks side by side."""
    first = preferred or random.choice(QUIET_PORTS)  # noqa: S311  # no secret hangs on a port number
    last = min(first + attempts, 65_536) - 1
    for port in range(first, last + 1):
        if port not in taken and is_free(port):
            return port
    raise NoFreePort(first, last)
