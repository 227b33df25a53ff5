"""The provider's page on which a technician completes the account through which they are paid."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.accounts import AccountActivities
from activities.failures import refusal
from domain.errors import Refusal, Refused
from domain.ids import account_page_key
from domain.payees import (
    AccountPageOpened,
    AccountPageRequest,
    AccountRequest,
    OpenAccount,
    OpenAccountPage,
)
from workflows import steps, wording
from workflows.options import PROVIDER, PROVIDER_AT_ONCE

# The provider tells us of the account; in case its notice is lost we look by ourselves, ever more rarely, for
# as long as it may take to examine what was given there.
LOOKS = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1), timedelta(days=3))


@workflow.defn(name="AccountPage")
class AccountPageWorkflow:
    """One for each asking: a link can be used once."""

    @workflow.init
    def __init__(self, request: AccountPageRequest) -> None:
        self._request = request
        self._page: AccountPageOpened | None = None
        self._given_up = False

    @workflow.run
    async def run(self, _request: AccountPageRequest) -> None:
        """Raises `Refused(PROVIDER_AWAY)` when no link could be made; begun again, it goes on."""
        key = account_page_key(workflow.info().workflow_id)
        # Without end: an account that is opened must also be recorded, whoever waits or not.
        account = await workflow.execute_activity_method(
            AccountActivities.open_account,
            OpenAccount(self._request.technician_id, key),
            summary=steps.ACCOUNT_OPENED,
            **PROVIDER,
        )
        await self._open_page(account, key)
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._given_up:
            raise refusal(Refused(Refusal.PROVIDER_AWAY))
        for pause in LOOKS:
            await workflow.sleep(pause, summary=wording.ACCOUNT_LOOK)
            await workflow.execute_activity_method(
                AccountActivities.look_at_account,
                AccountRequest(account),
                summary=wording.ACCOUNT_SUMMARY,
                **PROVIDER,
            )
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update(description=steps.ACCOUNT_ADDRESS)
    async def page(self) -> AccountPageOpened:
        """Raises `Refused(PROVIDER_AWAY)`."""
        await workflow.wait_condition(lambda: self._page is not None or self._given_up)
        if self._page is None:
            raise refusal(Refused(Refusal.PROVIDER_AWAY))
        return self._page

    async def _open_page(self, account: str, key: str) -> None:
        try:
            self._page = await workflow.execute_activity_method(
                AccountActivities.open_account_page,
                OpenAccountPage(account, key, self._request.return_url, self._request.refresh_url),
                summary=steps.ACCOUNT_LINK,
                **PROVIDER_AT_ONCE,
            )
        except ActivityError:
            # One made later would be dead before anybody came for it.
            self._given_up = True
