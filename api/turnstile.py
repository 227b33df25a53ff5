"""Letting a crowd in a few at a time. Everybody wants the same popular hour in the same instant; if they all
wanted a database connection at once, most would wait for one too long and be told that the database is away.
Those who wait here keep no connection, in the order in which they came, and leave some for everybody else.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request

from api.codes import ApiCode
from api.errors import Problem

# Fewer than a process has connections: see `db.engine.create_engine`.
AT_ONCE = 6
# Less than the minute after which browsers and proxies stop waiting for us.
PATIENCE_SECONDS = 45


class Turnstile:
    def __init__(self, at_once: int = AT_ONCE, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._patience_seconds = patience_seconds
        self._known: set[str] = set()

    @asynccontextmanager
    async def passing_once(self, person_id: str) -> AsyncIterator[None]:
        """As `passing`, for somebody who may be here only once: they cannot take everybody's places. Raises
        `Problem(CROWDED)` at once for a second time."""
        if person_id in self._known:
            raise Problem(ApiCode.CROWDED)
        self._known.add(person_id)
        try:
            async with self.passing():
                yield
        finally:
            self._known.remove(person_id)

    @asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        """Raises `Problem(CROWDED)` when its turn does not come in time."""
        try:
            async with asyncio.timeout(self._patience_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise Problem(ApiCode.CROWDED) from None
        try:
            yield
        finally:
            self._places.release()


async def in_turn(request: Request) -> AsyncIterator[None]:
    """Named by a route before everything else it depends on, which takes connections too."""
    turnstile: Turnstile = request.app.state.turnstile
    async with turnstile.passing():
        yield
