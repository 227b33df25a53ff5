"""One message of the bank's: what it says of our transfers is applied, once."""

from temporalio import workflow

from activities.bank import BankActivities
from domain.bank_steps import ApplyBankMessage, BankMessageApplied, BankMessageRequest
from workflows.bank import wording
from workflows.options import BANK_MESSAGE


@workflow.defn(name="BankMessage")
class BankMessageWorkflow:
    @workflow.run
    async def run(self, request: BankMessageRequest) -> BankMessageApplied:
        """Answers what the message has changed. Fails with `not_a_bank_message`."""
        applied = await workflow.execute_activity_method(
            BankActivities.apply_bank_message,
            ApplyBankMessage(request.sha256, workflow.now()),
            summary=wording.APPLY,
            **BANK_MESSAGE,
        )
        workflow.set_current_details(wording.applied(applied))
        return applied
