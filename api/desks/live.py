"""Telling a page that what it shows has changed, by server-sent events. Our script then loads the page anew
and puts the new parts in; without it, the page says the same when somebody loads it again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from api.answers import DATABASE_AWAY
from api.auth import why_refused
from api.codes import ApiCode
from api.dependencies import Dependencies
from api.errors import Problem
from db.askers import Purpose, for_purpose
from db.reads.sign_ins import SignedIn, signed_in_by_id

LOOKS_EVERY = timedelta(seconds=2)
# Shorter than what proxies cut off; the browser comes back.
LASTS = timedelta(seconds=50)
COMES_BACK_AFTER = timedelta(seconds=2)

# A word for the state of what a page shows: it changes when that does. None when nothing is left to see.
Version = Callable[[AsyncSession], Awaitable[str | None]]


async def follow(
    request: Request, given: Dependencies, found: SignedIn, version: Version
) -> StreamingResponse:
    """The versions of what is followed, each once, for as long as that sign-in is good, or this
    process is there. Raises `Problem(NOT_FOUND)` where there is nothing to see."""
    async with given.sessions() as session:
        if await version(session) is None:
            raise Problem(ApiCode.NOT_FOUND)
    last = request.headers.get("last-event-id")
    return StreamingResponse(
        _events(given, found.id, version, last),
        media_type="text/event-stream",
        # Proxies that collect an answer before they pass it on are told not to.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(
    given: Dependencies, sign_in: str, version: Version, last: str | None
) -> AsyncIterator[str]:
    yield f"retry: {_milliseconds(COMES_BACK_AFTER)}\n\n"
    for _ in range(LASTS // LOOKS_EVERY):
        try:
            now = await _look(given, sign_in, version)
        except DATABASE_AWAY:
            return
        if now is None:
            yield "event: over\ndata: \n\n"
            return
        if now != last:
            last = now
            yield f"id: {now}\nevent: version\ndata: {now}\n\n"
        with suppress(TimeoutError):
            await asyncio.wait_for(given.leaving.wait(), LOOKS_EVERY.total_seconds())
            return


async def _look(given: Dependencies, sign_in: str, version: Version) -> str | None:
    async with given.sessions(info=for_purpose(Purpose.SIGN_IN)) as session:
        found = await signed_in_by_id(session, sign_in)
    if found is None or why_refused(found, given.clock()) is not None:
        return None
    async with given.sessions() as session:
        return await version(session)


def _milliseconds(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
