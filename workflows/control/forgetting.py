"""Every night: what is over and of use to nobody is deleted."""

from temporalio import workflow

from activities.sign_ins import SignInActivities
from domain.sign_ins import Forget
from workflows.control import wording
from workflows.options import DATABASE


@workflow.defn(name="Forgetting")
class ForgettingWorkflow:
    @workflow.run
    async def run(self) -> int:
        """Answers how many rows are gone."""
        gone = await workflow.execute_activity_method(
            SignInActivities.forget_sign_ins,
            Forget(workflow.now()),
            summary=wording.FORGET_SIGN_INS,
            **DATABASE,
        )
        workflow.set_current_details(wording.forgetting_details(gone))
        return gone
