"""A link to sign in by, mailed to whom it is for."""

from temporalio import workflow

from activities.sign_ins import SignInActivities
from domain.sign_ins import SignInRequest
from workflows import wording
from workflows.options import SIGN_IN_LINK


@workflow.defn(name="SignInLink")
class SignInLinkWorkflow:
    """Begun for every link asked for, also for an address that nobody has: who asks sees no difference."""

    @workflow.run
    async def run(self, request: SignInRequest) -> None:
        await workflow.execute_activity_method(
            SignInActivities.send_sign_in_link, request, summary=wording.SIGN_IN_SENT, **SIGN_IN_LINK
        )
