"""The monthly Schedule's workflow: it reads which month it is for, and launches that month's run."""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from domain.payouts import LONGEST_SHORTAGE, PayoutRunRequest, scheduled_month
from workflows.payouts import wording
from workflows.payouts.run import PayoutRunWorkflow
from workflows.payouts.starting import start_options

# Set by the server: the nominal time, which a catch-up or a backfill keeps.
SCHEDULED_AT = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")

ACTOR = "schedule"
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


@workflow.defn(name="ScheduledPayouts")
class ScheduledPayoutsWorkflow:
    @workflow.run
    async def run(self) -> str:
        """Answers the id of the run that it has launched. The run goes on without its launcher."""
        scheduled_at = self._scheduled_at()
        request = PayoutRunRequest(
            month=str(scheduled_month(scheduled_at)),
            key=f"schedule:{scheduled_at.isoformat()}",
            actor_id=ACTOR,
            waits_until=workflow.now() + LONGEST_SHORTAGE,
        )
        workflow.set_current_details(wording.scheduled_details(request.month, scheduled_at))
        return await self._launch(request)

    def _scheduled_at(self) -> datetime:
        scheduled_at = workflow.info().typed_search_attributes.get(SCHEDULED_AT)
        if scheduled_at is None:
            raise ApplicationError("started by no schedule", type="not_scheduled", non_retryable=True)
        return scheduled_at

    async def _launch(self, request: PayoutRunRequest) -> str:
        """A run of the month that is already open may have been cut off before the month's end, so it does
        not stand for this one: wait for its end."""
        wait = FIRST_WAIT
        while True:
            try:
                run = await workflow.start_child_workflow(
                    PayoutRunWorkflow.run,
                    request,
                    parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                    **start_options(request),
                )
            except WorkflowAlreadyStartedError:
                await workflow.sleep(wait, summary=wording.RUN_ALREADY_OPEN)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                return run.id
