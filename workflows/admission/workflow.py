"""A mail about coming in: to a stranger who signs up, to a client whom the team has added."""

from temporalio import workflow

from activities.admissions import AdmissionActivities
from domain.admissions import AdmissionLetterRequest
from workflows import wording
from workflows.options import NOTICE


@workflow.defn(name="AdmissionLetter")
class AdmissionLetterWorkflow:
    """Begun for every sign-up, whether or not the address is somebody's: who asks sees no difference."""

    @workflow.run
    async def run(self, request: AdmissionLetterRequest) -> None:
        await workflow.execute_activity_method(
            AdmissionActivities.send_admission_letter, request, summary=wording.ADMISSION_SENT, **NOTICE
        )
