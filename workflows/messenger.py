"""Telling people from a workflow. A mail server that is away must not hold the workflow up."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.notifications import NotificationActivities
from domain.deadlines import Deadlines
from domain.notices import Notice, Notify
from domain.opening_hours import OpeningHours
from workflows import wording
from workflows.options import NOTICE


class Messenger:
    """Tells those concerned by what happens to one ticket. The dates that are promised follow from the
    deadlines and hours in force."""

    def __init__(self, ticket: str, deadlines: Deadlines, hours: OpeningHours) -> None:
        self._ticket = ticket
        self._deadlines = deadlines
        self._hours = hours
        self._under_way: set[asyncio.Task[None]] = set()
        self._told: set[tuple[Notice, str]] = set()

    def tell(self, notice: Notice, occasion: str = "", technician_id: str | None = None) -> None:
        """Start telling those concerned, and go on. `occasion` tells repeats of the same notice apart;
        `technician_id` is the one to tell where that is no longer the ticket's own.

        After an outage several alarms may ring at the same moment: two sendings side by side would each find
        that nothing was sent.
        """
        told = (notice, f"{occasion}:{technician_id}" if technician_id else occasion)
        if told in self._told:
            return
        self._told.add(told)
        message = Notify(
            self._ticket,
            notice.value,
            workflow.now(),
            self._deadlines,
            self._hours,
            occasion,
            technician_id,
        )
        self.beside(self._notify(message))

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Start something else of the kind, and go on; `everyone_told` waits for it too."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _notify(self, message: Notify) -> None:
        try:
            await workflow.execute_activity_method(
                NotificationActivities.notify, message, summary=wording.NOTICE[Notice(message.kind)], **NOTICE
            )
        except ActivityError:
            # Three days of trying, or an address that does not exist: the workflow goes on without.
            workflow.logger.warning("notice %s could not be delivered", message.kind)

    async def everyone_told(self) -> None:
        await workflow.wait_condition(lambda: not self._under_way)
