"""The provider's page on which a technician completes the account through which they are paid."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.accounts import AccountActivities
from activities.failures import refusal
from domain.errors import Refusal, Refused
from domain.ids import account_page_key
from domain.payees import AccountPageOpened, AccountPageRequest, OpenAccount, OpenAccountPage
from workflows.options import PROVIDER, PROVIDER_AT_ONCE


@workflow.defn(name="AccountPage")
class AccountPageWorkflow:
    """One for each asking: a link can be used once. What is given there comes as news of the account."""

    @workflow.run
    async def run(self, request: AccountPageRequest) -> AccountPageOpened:
        """Raises `Refused(PROVIDER_AWAY)` when no link could be made; asked again, it goes on."""
        key = account_page_key(workflow.info().workflow_id)
        # Without end: an account that is opened must also be recorded, whoever waits or not.
        account = await workflow.execute_activity_method(
            AccountActivities.open_account,
            OpenAccount(request.technician_id, key),
            summary="Ouverture du compte de paiement",
            **PROVIDER,
        )
        try:
            return await workflow.execute_activity_method(
                AccountActivities.open_account_page,
                OpenAccountPage(account, key, request.return_url, request.refresh_url),
                summary="Lien vers la page du prestataire",
                **PROVIDER_AT_ONCE,
            )
        except ActivityError as error:
            # It would be dead before anybody came for it.
            raise refusal(Refused(Refusal.PROVIDER_AWAY)) from error
