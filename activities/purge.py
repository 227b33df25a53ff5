"""Deleting what has been kept for as long as it may be."""

from temporalio import activity

from db.engine import Sessions
from db.stores.accesses import purge
from db.stores.erasures import destroy_archived


class PurgeActivities:
    def __init__(self, database: Sessions) -> None:
        self._database = database

    @activity.defn
    async def purge_accesses(self) -> int:
        """How many entries were older than a year. Safe to repeat."""
        async with self._database.begin() as session:
            return await purge(session)

    @activity.defn
    async def destroy_archived(self) -> int:
        """How many records of the archive had been kept for as long as the law wants. Safe to repeat."""
        async with self._database.begin() as session:
            return await destroy_archived(session)
