"""Whoever answers a gated worker: it lets it go on, or kills it there and starts another."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from typing import Protocol

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client
from temporalio.service import RPCError

from tests.kill import gated_worker
from tests.kill.gated_worker import GO_ON, Place

GONE_WITHIN_SECONDS = 5
# What only a worker brings about: with the first it answers a task, with the second a step (that a step was
# begun is written when it has ended).
ANSWERS = (
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED,
)

# Starting Python and importing everything takes two seconds of a processor; a copy of who has done so, none.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([gated_worker.__name__])


@dataclass(frozen=True)
class Kill:
    """`after` is the number of the event that was waited for, `length` that of the last one when the worker
    died, `pid` the worker's."""

    after: int
    length: int
    moment: str
    pid: int
    since: tuple[HistoryEvent, ...] = field(repr=False)

    @property
    def is_exact(self) -> bool:
        """Whether the worker has said nothing after the event."""
        return not any(one.event_type in ANSWERS for one in self.since if one.event_id > self.after)


class Verdict(Protocol):
    def concerns(self, moment: str) -> bool:
        """Whether the history is worth a look: most moments are nobody's."""
        ...

    def event(self, moment: str, events: list[HistoryEvent]) -> int | None:
        """The number of the event after which the worker is killed now, None to let it go on."""
        ...


class Executioner:
    def __init__(self, client: Client, workflow: str, place: Place, verdict: Verdict) -> None:
        self._handle = client.get_workflow_handle(workflow)
        self._place = place
        self._verdict = verdict
        self._one_by_one = asyncio.Lock()
        self._worker: ForkServerProcess | None = None
        self.kills: list[Kill] = []
        self.last_length = 0

    def start(self) -> None:
        self._worker = _processes.Process(target=gated_worker.main, args=(self._place,), daemon=True)
        self._worker.start()

    def kill(self) -> int:
        """The pid of whom it was."""
        assert self._worker is not None
        pid = self._worker.pid
        assert pid is not None
        self._worker.kill()
        self._worker.join(GONE_WITHIN_SECONDS)
        assert self._worker.exitcode is not None
        return pid

    async def asked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pid, _, moment = (await reader.readline()).decode().strip().partition(" ")
        async with self._one_by_one:
            # One that was killed while it waited its turn has nothing more to ask.
            if self._worker is not None and int(pid) == self._worker.pid:
                if await self._is_to_die(moment):
                    self.start()
                else:
                    writer.write(GO_ON)
        writer.close()

    async def _is_to_die(self, moment: str) -> bool:
        if not self._verdict.concerns(moment):
            return False
        try:
            events = list((await self._handle.fetch_history()).events)
        except RPCError:
            return False  # not started yet: nothing has happened to it
        self.last_length = len(events)
        after = self._verdict.event(moment, events)
        if after is None:
            return False
        pid = self.kill()
        now = list((await self._handle.fetch_history()).events)
        self.kills.append(Kill(after, len(now), moment, pid, tuple(now[after:])))
        return True


@asynccontextmanager
async def gated(client: Client, workflow: str, place: Place, verdict: Verdict) -> AsyncIterator[Executioner]:
    """`workflow` is the id of the one whose history is looked at."""
    executioner = Executioner(client, workflow, place, verdict)
    server = await asyncio.start_unix_server(executioner.asked, place.gate)
    executioner.start()
    try:
        yield executioner
    finally:
        server.close()
        executioner.kill()
