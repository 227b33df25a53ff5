"""Each night: what need not be kept any longer goes."""

from dataclasses import replace

from temporalio import workflow

from activities.admissions import AdmissionActivities
from activities.purge import PurgeActivities
from activities.sign_ins import SignInActivities
from domain.admissions import ForgetAdmissions
from domain.purge import Purged
from domain.sign_ins import Forget
from workflows.control import wording
from workflows.options import DATABASE


@workflow.defn(name="Purge")
class PurgeWorkflow:
    @workflow.run
    async def run(self) -> Purged:
        purged = Purged(
            accesses=await workflow.execute_activity_method(
                PurgeActivities.purge_accesses, summary=wording.PURGE_ACCESSES, **DATABASE
            ),
            sign_ins=await workflow.execute_activity_method(
                SignInActivities.forget_sign_ins,
                Forget(workflow.now()),
                summary=wording.FORGET_SIGN_INS,
                **DATABASE,
            ),
            admissions=await self._forget_admissions(),
        )
        # A purge that is under way while this comes goes on without.
        if workflow.patched("archive"):
            archived = await workflow.execute_activity_method(
                PurgeActivities.destroy_archived, summary=wording.DESTROY_ARCHIVED, **DATABASE
            )
            purged = replace(purged, archived=archived)
        workflow.set_current_details(wording.purge_details(purged))
        return purged

    async def _forget_admissions(self) -> int:
        # A night that was under way without it ends without it.
        if not workflow.patched("forget-admissions"):
            return 0
        return await workflow.execute_activity_method(
            AdmissionActivities.forget_admissions,
            ForgetAdmissions(workflow.now()),
            summary=wording.FORGET_ADMISSIONS,
            **DATABASE,
        )
