"""A technician's account at the provider: whatever its notices say, what counts is what it is now."""

from typing import Any, cast

from stripe.params import AccountCreateParams, AccountUpdateParams

from activities.gateways.stripe_account import account_parameters
from deploy.signals import begin
from domain.ids import account_workflow_id
from domain.payees import AccountRequest
from tests.payouts.conftest import DETAILS
from tests.support.played import Played
from tests.workflows.conftest import Office


async def news(office: Office, reference: str) -> None:
    client = office.environment.client
    assert await begin(client, office.task_queue, AccountRequest(reference), "account_news")
    known = await client.get_workflow_handle(account_workflow_id(reference)).describe()
    handle = client.get_workflow_handle(known.id, run_id=known.run_id)
    office.played.append(Played(office.environment, office.database, handle))
    await handle.result()


def account(office: Office) -> tuple[Any, ...]:
    [row] = office.database.rows(
        "SELECT account_ready, account_missing FROM payees WHERE technician_id = %s", office.technician
    )
    return row


async def test_what_the_provider_asks_for_is_kept_until_it_has_it(office: Office) -> None:
    stripe, whole = office.payments._stripe, account_parameters(office.technician, DETAILS)
    bank = whole.pop("external_account")
    opened = await stripe.accounts.create_async(cast(AccountCreateParams, whole))
    # Nobody's as yet.
    await news(office, opened.id)
    assert account(office) == (True, None)
    office.database.execute(
        "UPDATE technicians SET account_reference = %s WHERE id = %s", opened.id, office.technician
    )
    await news(office, opened.id)
    assert account(office) == (False, "external_account")
    await stripe.accounts.update_async(opened.id, cast(AccountUpdateParams, {"external_account": bank}))
    for _ in range(2):
        await news(office, opened.id)
        assert account(office) == (True, None)
