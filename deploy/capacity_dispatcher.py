"""From changes of capacity to the tickets: whoever waits hears that somebody may be free, and whoever has an
appointment that its technician may not keep it. The signals are hints: each ticket looks for itself."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client

from db.engine import Sessions
from db.models.availability import CapacityEvent, CapacityKind
from db.reads.capacity import appointments_to_come, tickets_to_assign
from db.stores import capacity, holds
from deploy.signals import deliver
from domain.ids import ticket_workflow_id

log = logging.getLogger(__name__)

CAPACITY_RETURNED = "capacity_returned"
TECHNICIAN_UNAVAILABLE = "technician_unavailable"
# A ticket that looked for somebody just before may not have said yet whom it found, or that it found nobody.
SETTLING = timedelta(seconds=2)
PAUSE_SECONDS = 0.5
AFTER_BREAKDOWN_SECONDS = 2
LONGEST_PAUSE_SECONDS = 60
EXPIRY_SECONDS = 60
BATCH = 500


def _real_time() -> datetime:
    return datetime.now(UTC)


class CapacityDispatcher:
    def __init__(
        self,
        database: Sessions,
        client: Client,
        *,
        clock: Callable[[], datetime] = _real_time,
        settling: timedelta = SETTLING,
    ) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._settling = settling

    async def run(self) -> None:
        """Until cancelled. Events that cannot be read or delivered stay where they are."""
        loop = asyncio.get_running_loop()
        expiry_due = loop.time() + EXPIRY_SECONDS
        failures = 0
        while True:
            try:
                if loop.time() >= expiry_due:
                    await self.delete_expired_holds()
                    expiry_due = loop.time() + EXPIRY_SECONDS
                failures = 0 if await self.dispatch_pending() else failures + 1
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("the capacity events cannot be read: %s", type(error).__name__)
                failures += 1
            await asyncio.sleep(_pause(failures))

    async def dispatch_pending(self) -> bool:
        """Tell the tickets concerned of all that is pending, each once. False when Temporal could not take a
        signal: then every event stays, to be told again, in the same order."""
        async with self._database.begin() as session:
            events = await capacity.pending(session, BATCH, self._settling)
            for number, signal in await self._news(session, events):
                if not await deliver(self._client, ticket_workflow_id(number), signal):
                    return False
            await capacity.forget(session, events)
        return True

    async def delete_expired_holds(self) -> None:
        """An expired hold is capacity that returned; otherwise only the next hold would delete it."""
        async with self._database.begin() as session:
            await holds.delete_expired(session, self._clock())

    async def _news(
        self, session: AsyncSession, events: Sequence[CapacityEvent]
    ) -> Sequence[tuple[str, str]]:
        """Ticket numbers and signals, however many events there are."""
        news: list[tuple[str, str]] = []
        if any(event.kind is CapacityKind.RETURNED for event in events):
            news += [(number, CAPACITY_RETURNED) for number in await tickets_to_assign(session)]
        lost = {event.technician_id for event in events if event.kind is CapacityKind.LOST}
        if whose := {technician for technician in lost if technician is not None}:
            coming = await appointments_to_come(session, whose, self._clock())
            news += [(number, TECHNICIAN_UNAVAILABLE) for number in coming]
        return news


def _pause(failures: int) -> float:
    """In seconds; longer after each failure in a row."""
    if failures == 0:
        return PAUSE_SECONDS
    return min(LONGEST_PAUSE_SECONDS, AFTER_BREAKDOWN_SECONDS * 2.0 ** min(failures - 1, 10))
