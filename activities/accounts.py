"""Technicians' accounts at the provider: opened once, completed on its page; what it says of one is kept
beside what we know of its owner."""

from datetime import timedelta

from temporalio import activity

from activities.gateways.payments import KnownOfTechnician, Payments
from db.engine import Sessions
from db.stores.payees import (
    AccountAsked,
    ask_for_account,
    payee_of_account,
    record_account,
    record_opened_account,
)
from domain.ids import account_details_key
from domain.payees import AccountPageOpened, AccountRequest, OpenAccount, OpenAccountPage

# The provider's clock and the database's are set by different people.
CLOCKS_DIFFER_BY = timedelta(hours=1)


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

    @activity.defn
    async def open_account(self, message: OpenAccount) -> str:
        """The reference of the technician's account; opened, described and looked at if they had none."""
        technician_id = message.technician_id
        async with self._database.begin() as session:
            asked = await ask_for_account(session, technician_id)
        if asked.reference is not None:
            return asked.reference
        account = await self._opened_before(technician_id, asked)
        if account is None:
            account = await self._provider.open_account(technician_id)
        # Before anybody has its page: what its owner writes there is never written over.
        await self._provider.describe_account(
            account=account, key=account_details_key(message.key), known=_known(asked)
        )
        state = await self._provider.account_state(account)
        async with self._database.begin() as session:
            return await record_opened_account(session, technician_id, account, state)

    @activity.defn
    async def open_account_page(self, message: OpenAccountPage) -> AccountPageOpened:
        return await self._provider.open_account_page(
            account=message.account,
            key=message.key,
            return_url=message.return_url,
            refresh_url=message.refresh_url,
        )

    async def _opened_before(self, technician_id: str, asked: AccountAsked) -> str | None:
        """The account of a try whose end we do not know. The provider forgets our key after a day; its list
        does not forget, and may be some seconds late: then the key helps."""
        if asked.before is None:
            return None
        return await self._provider.known_account(technician_id, asked.before - CLOCKS_DIFFER_BY)


def _known(asked: AccountAsked) -> KnownOfTechnician:
    payee = asked.payee
    return KnownOfTechnician(
        mail=asked.mail,
        is_company=payee.is_company,
        legal_name=payee.legal_name,
        siren=payee.siren,
        first_name=payee.first_name,
        last_name=payee.last_name,
        birth_date=payee.birth_date,
        street=payee.street,
        postal_code=payee.postal_code,
        city=payee.city,
    )
