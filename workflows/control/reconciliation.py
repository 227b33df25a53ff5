"""Every quarter of an hour: what the provider's notices lost, and every movement of our balance there."""

import asyncio

from temporalio import workflow

from activities.reconciliation import ReconciliationActivities
from domain.provider_entries import EntriesRead, EventsRead, Read
from workflows.control import wording
from workflows.options import QUARTER_HOURLY


@workflow.defn(name="Reconciliation")
class ReconciliationWorkflow:
    @workflow.run
    async def run(self) -> str:
        """Both readings, whatever becomes of the other: a provider that is away fails the run, and the next
        one reads on from where the last one came."""
        read = Read(workflow.now())
        events = asyncio.create_task(self._read_events(read))
        entries = asyncio.create_task(self._read_entries(read))
        await workflow.wait([events, entries])
        details = wording.reconciliation_details(events.result().lost, entries.result().new)
        workflow.set_current_details(details)
        return details

    async def _read_events(self, read: Read) -> EventsRead:
        return await workflow.execute_activity_method(
            ReconciliationActivities.read_events, read, summary=wording.READ_EVENTS, **QUARTER_HOURLY
        )

    async def _read_entries(self, read: Read) -> EntriesRead:
        return await workflow.execute_activity_method(
            ReconciliationActivities.read_entries, read, summary=wording.READ_ENTRIES, **QUARTER_HOURLY
        )
