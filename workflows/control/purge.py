"""Each night: what need not be kept any longer goes."""

from temporalio import workflow

from activities.purge import PurgeActivities
from workflows.control import wording
from workflows.options import DATABASE


@workflow.defn(name="Purge")
class PurgeWorkflow:
    @workflow.run
    async def run(self) -> int:
        """Answers how many entries of the journal of accesses were old enough."""
        accesses = await workflow.execute_activity_method(
            PurgeActivities.purge_accesses, summary=wording.PURGE_ACCESSES, **DATABASE
        )
        workflow.set_current_details(wording.purge_details(accesses))
        return accesses
