"""A proxy before several servers, each connection to the next of them: what stands before several APIs."""

import socket
import threading
from collections import Counter
from collections.abc import Sequence
from itertools import cycle
from socketserver import BaseRequestHandler, ThreadingTCPServer
from types import TracebackType

from deploy.sandbox.ports import LOOPBACK


class Balancer:
    """Listens on `port` of loopback, as long as the block lasts. `connections` counts them, by server."""

    def __init__(self, port: int, servers: Sequence[int]) -> None:
        self.connections: Counter[int] = Counter(dict.fromkeys(servers, 0))
        following, balancer = cycle(servers), self

        class Connection(BaseRequestHandler):
            def handle(self) -> None:
                server = next(following)
                balancer.connections[server] += 1
                try:
                    behind = socket.create_connection((LOOPBACK, server))
                except OSError:
                    # It is away, and whoever asked is told so by being left.
                    return
                with behind:
                    back = threading.Thread(target=_carry, args=(behind, self.request), daemon=True)
                    back.start()
                    _carry(self.request, behind)
                    back.join()

        class Server(ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False

        self._server = Server((LOOPBACK, port), Connection)

    def __enter__(self) -> "Balancer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _carry(one: socket.socket, other: socket.socket) -> None:
    """Until `one` has no more to say; then `other` is told so."""
    try:
        while said := one.recv(65_536):
            other.sendall(said)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        # Either side left without a word: so does the other.
        for side in (one, other):
            side.close()
