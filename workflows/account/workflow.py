"""A technician's account at the provider: looked at whenever the provider has news of it."""

from temporalio import workflow

from activities.accounts import AccountActivities
from domain.payees import AccountRequest
from workflows import steps
from workflows.options import PROVIDER


@workflow.defn(name="Account")
class AccountWorkflow:
    """Begun by each notice, unless one is looking already."""

    @workflow.init
    def __init__(self, _request: AccountRequest) -> None:
        self._news = True

    @workflow.run
    async def run(self, request: AccountRequest) -> None:
        while self._news:
            # Before we look, for what comes meanwhile asks for another look.
            self._news = False
            await workflow.execute_activity_method(
                AccountActivities.look_at_account,
                request,
                summary=steps.ACCOUNT_READ,
                **PROVIDER,
            )

    @workflow.signal(description=steps.PROVIDER_NEWS)
    def account_news(self) -> None:
        """No more than a hint to look."""
        self._news = True
