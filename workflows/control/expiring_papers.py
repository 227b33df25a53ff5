"""Each morning: technicians whose papers end soon are told."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.vetting import VettingActivities
from domain.vetting import PapersReminder, RemindersDue, RemindOfPapers
from workflows.control import wording
from workflows.options import DAILY_NOTICE, DATABASE


@workflow.defn(name="ExpiringPapers")
class ExpiringPapersWorkflow:
    @workflow.run
    async def run(self) -> int:
        """How many there are to be told."""
        due: RemindersDue = await workflow.execute_activity_method(
            VettingActivities.papers_to_remind_of,
            RemindOfPapers(workflow.now()),
            summary=wording.PAPERS_LISTED,
            **DATABASE,
        )
        workflow.set_current_details(wording.papers_details(len(due.reminders)))
        # Each by itself: a mailbox that takes nothing keeps nobody else waiting.
        await asyncio.gather(*(self._remind(one) for one in due.reminders))
        return len(due.reminders)

    async def _remind(self, due: PapersReminder) -> None:
        try:
            await workflow.execute_activity_method(
                VettingActivities.remind_of_papers, due, summary=wording.REMIND_OF_PAPERS, **DAILY_NOTICE
            )
        except ActivityError:
            # The team sees these papers too.
            workflow.logger.warning("a reminder of papers could not be sent")
