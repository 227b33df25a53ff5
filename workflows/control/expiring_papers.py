"""Each morning: technicians whose papers end soon are told."""

from temporalio import workflow

from activities.vetting import VettingActivities
from domain.vetting import RemindOfPapers
from workflows.control import wording
from workflows.options import NOTICE


@workflow.defn(name="ExpiringPapers")
class ExpiringPapersWorkflow:
    @workflow.run
    async def run(self) -> int:
        found = await workflow.execute_activity_method(
            VettingActivities.remind_of_papers,
            RemindOfPapers(workflow.now()),
            summary=wording.REMIND_OF_PAPERS,
            **NOTICE,
        )
        workflow.set_current_details(wording.papers_details(found))
        return found
