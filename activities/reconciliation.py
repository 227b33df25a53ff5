"""Reading at the payment provider what its notices may have lost, and every movement of our balance."""

import logging
from collections.abc import Sequence

from temporalio import activity

from activities.gateways.payments import Payments, ProviderEntry
from db.engine import Sessions
from db.models.provider import Reading
from db.models.webhooks import FoundBy
from db.stores import inbox, provider
from db.stores.provider import NewEntry
from domain.provider_entries import EVENTS_KEPT, NOTICE_MAY_COME, OVERLAP, EntriesRead, EventsRead, Read
from domain.provider_events import CONCERNS

log = logging.getLogger(__name__)

# Entries entered in one transaction: short enough for its time-out, with a posting for each if need be.
BATCH = 200
# How often we look for a moment in which the balance stands still while its entries are read.
LOOKS = 3


class ReconciliationActivities:
    def __init__(self, database: Sessions, payments: Payments) -> None:
        self._database = database
        self._payments = payments

    @activity.defn
    async def read_events(self, message: Read) -> EventsRead:
        """Put into the inbox the events that somebody waits for and that never came. Those that are already
        there, done or not, are left alone. Safe to repeat."""
        async with self._database.begin() as session:
            last = await provider.last_reading(session, Reading.EVENTS)
        oldest = message.at - EVENTS_KEPT
        since = oldest if last.newest_at is None else max(oldest, last.newest_at - OVERLAP)
        made = await self._payments.events_since(since, sorted(CONCERNS))
        due = [one for one in made if one.created_at <= message.at - NOTICE_MAY_COME]
        lost = 0
        async with self._database.begin() as session:
            for event, _ in due:
                lost += await inbox.keep(session, event.id, event.type, event.subject, FoundBy.READING)
            newest = max((one.created_at for one in due), default=None)
            await provider.record_reading(session, last, newest)
        if lost:
            log.warning("%d events of the payment provider had been lost", lost)
        return EventsRead(lost)

    @activity.defn
    async def read_entries(self, message: Read) -> EntriesRead:
        """Mirror the movements of our balance, and keep its amount if it stood still meanwhile: then the
        mirror must come to as much. Safe to repeat."""
        async with self._database.begin() as session:
            last = await provider.last_reading(session, Reading.ENTRIES)
        since = None if last.newest_at is None else last.newest_at - OVERLAP
        new, balance_cents = 0, None
        for _ in range(LOOKS):
            before = await self._payments.balance_cents()
            entries = await self._payments.entries_since(since)
            new += await self._keep(entries)
            if await self._payments.balance_cents() == before:
                balance_cents = before
                break
        async with self._database.begin() as session:
            newest = max((entry.created_at for entry in entries), default=None)
            await provider.record_reading(session, last, newest, balance_cents)
        return EntriesRead(new)

    async def _keep(self, entries: Sequence[ProviderEntry]) -> int:
        new = 0
        for start in range(0, len(entries), BATCH):
            batch = [NewEntry(*entry) for entry in entries[start : start + BATCH]]
            async with self._database.begin() as session:
                new += await provider.keep_entries(session, batch)
        return new
