"""Technicians' accounts at the provider: what it says of one, kept beside what we know of its owner."""

from temporalio import activity

from activities.gateways.payments import Payments
from db.engine import Sessions
from db.stores.payees import payee_of_account, record_account
from domain.payees import AccountRequest


class AccountActivities:
    def __init__(self, database: Sessions, provider: Payments) -> None:
        self._database = database
        self._provider = provider

    @activity.defn
    async def look_at_account(self, request: AccountRequest) -> None:
        """Whether it can be paid into, and what the provider still asks for. An account that is nobody's is
        left alone: who opens one looks at it too."""
        state = await self._provider.account_state(request.reference)
        async with self._database.begin() as session:
            payee = await payee_of_account(session, request.reference)
            if payee is not None:
                record_account(payee, state)
