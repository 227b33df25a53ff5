"""A line to a server that can be cut and mended, as a network does it: whoever calls meanwhile is refused."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.sandbox.ports import LOOPBACK, free_port

# A port of this machine, or the file of a Unix socket.
Place = int | Path
CHUNK_BYTES = 1 << 16


class Line:
    """From `here`, where it is called, to `there`, where the server listens."""

    def __init__(self, here: Place, there: Place) -> None:
        self.here = here
        self._there = there
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()

    async def mend(self) -> None:
        if isinstance(self.here, Path):
            self._server = await asyncio.start_unix_server(self._carry, self.here)
        else:
            self._server = await asyncio.start_server(self._carry, LOOPBACK, self.here)

    def cut(self) -> None:
        """Hang up on everybody, in the middle of a word perhaps, and take no more calls."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in self._ends:
            end.transport.abort()

    async def _carry(self, caller: asyncio.StreamReader, to_caller: asyncio.StreamWriter) -> None:
        try:
            if isinstance(self._there, Path):
                server, to_server = await asyncio.open_unix_connection(self._there)
            else:
                server, to_server = await asyncio.open_connection(LOOPBACK, self._there)
        except OSError:
            to_caller.transport.abort()
            return
        self._ends |= {to_caller, to_server}
        try:
            await asyncio.gather(_pump(caller, to_server), _pump(server, to_caller))
        finally:
            for end in (to_caller, to_server):
                self._ends.discard(end)
                end.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while said := await source.read(CHUNK_BYTES):
            sink.write(said)
            await sink.drain()
    sink.close()


@asynccontextmanager
async def running_line(there: Place, here: Place | None = None) -> AsyncIterator[Line]:
    """A line that is whole; called on a free port, unless told where."""
    line = Line(free_port() if here is None else here, there)
    await line.mend()
    try:
        yield line
    finally:
        line.cut()
