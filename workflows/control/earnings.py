"""Each morning: technicians are told of their gains, their statements, and of what holds a transfer."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.earnings import EarningsActivities
from domain.earnings import Earnings, EarningsDue, FindEarnings, TellOfEarnings
from workflows.control import wording
from workflows.options import DAILY_NOTICE, DATABASE

# A month's end brings a statement to everybody at once; the mail server is not to be flooded.
AT_ONCE = 20


@workflow.defn(name="EarningsTold")
class EarningsToldWorkflow:
    @workflow.run
    async def run(self) -> int:
        """How many mails there are to send. What a morning leaves, the next one sends."""
        due: EarningsDue = await workflow.execute_activity_method(
            EarningsActivities.earnings_to_tell,
            FindEarnings(workflow.now()),
            summary=wording.EARNINGS_LISTED,
            **DATABASE,
        )
        workflow.set_current_details(wording.earnings_details(len(due.earnings)))
        left = iter(due.earnings)

        async def tell_the_waiting() -> None:
            for one in left:
                await self._tell(one)

        await asyncio.gather(*(tell_the_waiting() for _ in range(AT_ONCE)))
        return len(due.earnings)

    async def _tell(self, one: Earnings) -> None:
        try:
            await workflow.execute_activity_method(
                EarningsActivities.tell_of_earnings,
                TellOfEarnings(one, workflow.now()),
                summary=wording.TELL_OF_EARNINGS,
                **DAILY_NOTICE,
            )
        except ActivityError:
            # Their page has it too.
            workflow.logger.warning("a technician could not be told of their money")
