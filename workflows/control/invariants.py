"""Every quarter of an hour: is all that must be true still true? The team is told of what is not."""

from temporalio import workflow

from activities.invariants import InvariantActivities
from domain.invariants import Look, Looked
from workflows.control import wording
from workflows.options import NOTICE, QUARTER_HOURLY


@workflow.defn(name="Invariants")
class InvariantsWorkflow:
    @workflow.run
    async def run(self) -> int:
        """Answers how many invariants are violated. The mail may wait for its server for days; the next
        checks do not wait for it."""
        message = Look(workflow.now())
        looked = await self._look(message)
        workflow.set_current_details(wording.invariants_details(looked.violated))
        if looked.news:
            await self._tell(message)
        return len(looked.violated)

    async def _look(self, message: Look) -> Looked:
        return await workflow.execute_activity_method(
            InvariantActivities.look_at_invariants, message, summary=wording.LOOK, **QUARTER_HOURLY
        )

    async def _tell(self, message: Look) -> None:
        await workflow.execute_activity_method(
            InvariantActivities.tell_of_invariants, message, summary=wording.TELL, **NOTICE
        )
