"""Where technicians are paid: their accounts at Stripe, opened, described and read."""

import logging
from datetime import UTC, datetime
from typing import cast

import stripe
from stripe.params import AccountCreateParams, AccountUpdateParams

from activities.gateways.payments import KnownOfTechnician, ReceivingDetails
from activities.gateways.stripe_account import account_parameters, account_to_complete, description_of
from activities.gateways.stripe_client import LONGEST_PAGE, StripePart, breakdowns
from domain import ids
from domain.payees import AccountPageOpened, AccountState

log = logging.getLogger(__name__)


class StripeConnectedAccounts(StripePart):
    """Connected accounts and the pages on which they are completed."""

    async def open_account(self, technician_id: str, details: ReceivingDetails | None = None) -> str:
        told = account_parameters(technician_id, details) if details else account_to_complete(technician_id)
        with breakdowns():
            account = await self._stripe.accounts.create_async(
                cast(AccountCreateParams, told), {"idempotency_key": ids.account_key(technician_id)}
            )
        return account.id

    async def known_account(self, technician_id: str, since: datetime) -> str | None:
        # Accounts can be listed by their age and by nothing else.
        with breakdowns():
            newest = await self._stripe.accounts.list_async(
                {"created": {"gte": int(since.timestamp())}, "limit": LONGEST_PAGE}
            )
            found = [
                account.id
                async for account in newest.auto_paging_iter()
                if account.metadata is not None
                and account.metadata.to_dict().get("technician") == technician_id
            ]
        return found[-1] if found else None

    async def describe_account(self, *, account: str, key: str, known: KnownOfTechnician) -> None:
        with breakdowns():
            try:
                await self._stripe.accounts.update_async(
                    account, cast(AccountUpdateParams, description_of(known)), {"idempotency_key": key}
                )
            except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
                # Not to Stripe's taste, or sent already and corrected since: the page asks.
                log.warning("account %s is not described: %s %s", account, type(error).__name__, error.code)

    async def open_account_page(
        self, *, account: str, key: str, return_url: str, refresh_url: str
    ) -> AccountPageOpened:
        with breakdowns():
            link = await self._stripe.account_links.create_async(
                {
                    "account": account,
                    # Only what is asked for: a bank account that is there already cannot be changed here.
                    "type": "account_onboarding",
                    # What will be asked for later as well, so that nobody has to come back for it.
                    "collection_options": {"fields": "eventually_due", "future_requirements": "include"},
                    "return_url": return_url,
                    "refresh_url": refresh_url,
                },
                {"idempotency_key": key},
            )
        return AccountPageOpened(link.url, datetime.fromtimestamp(link.expires_at, UTC))

    async def account_state(self, reference: str) -> AccountState:
        with breakdowns():
            account = await self._stripe.accounts.retrieve_async(reference)
        capabilities, asked = account.capabilities, account.requirements
        missing = [*(asked.past_due or ()), *(asked.currently_due or ())] if asked is not None else []
        return AccountState(
            ready=capabilities is not None and capabilities.transfers == "active",
            missing=tuple(dict.fromkeys(missing)),
        )
