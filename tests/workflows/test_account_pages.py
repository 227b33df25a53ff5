"""The page that completes a technician's account: one account whatever happens, a link for each asking."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError, WorkflowHandle, WorkflowUpdateFailedError

from activities.gateways.payments import PaymentsBroken
from api.errors import Problem
from api.temporal import problem_of
from domain.errors import Refusal
from domain.payees import AccountPageOpened, AccountPageRequest
from tests.sandbox.stripe.builders import complete_account
from tests.support.temporal import replay_history_of
from tests.workflows.conftest import Office
from workflows.account.page import AccountPageWorkflow
from workflows.account.starting import page_start_options

BACK, AGAIN = "https://example.fr/retour", "https://example.fr/autre-lien"
Page = WorkflowHandle[AccountPageWorkflow, None]


async def ask(office: Office, key: str = "first") -> Page:
    request = AccountPageRequest(office.technician, BACK, AGAIN)
    return await office.environment.client.start_workflow(
        AccountPageWorkflow.run, request, task_queue=office.task_queue, **page_start_options(request, key)
    )


async def page_of(handle: Page) -> AccountPageOpened:
    page: AccountPageOpened = await handle.execute_update("page", result_type=AccountPageOpened)
    return page


async def a_page(office: Office, key: str = "first") -> AccountPageOpened:
    return await page_of(await ask(office, key))


async def accounts_of(office: Office) -> list[str]:
    """All that the provider has for the technician."""
    known = await office.payments._stripe.accounts.list_async({"limit": 100})
    return [
        one.id
        for one in known.data
        if one.metadata is not None and one.metadata.to_dict().get("technician") == office.technician
    ]


def recorded(office: Office) -> tuple[Any, ...]:
    """The account that we know of, whether it is ready, and what it lacks."""
    [row] = office.database.rows(
        "SELECT account_reference, account_ready, account_missing FROM technicians "
        "JOIN payees ON technician_id = id WHERE id = %s",
        office.technician,
    )
    return row


def dying_after(step: Callable[..., Awaitable[Any]], then: Callable[[], None]) -> Callable[..., Any]:
    """Done, and the worker dies before anybody hears of it; the first time only."""
    times = 0

    async def dying(*arguments: Any, **named: Any) -> Any:
        nonlocal times
        times += 1
        answer = await step(*arguments, **named)
        if times == 1:
            then()
            raise RuntimeError("the worker died here")
        return answer

    return dying


async def test_an_account_is_opened_with_what_is_known_and_looked_at(office: Office) -> None:
    office.database.execute(
        "UPDATE payees SET is_company = false, first_name = 'Thomas', last_name = 'Leroy', "
        "birth_date = '1990-04-12' WHERE technician_id = %s",
        office.technician,
    )
    handle = await ask(office)
    page = await page_of(handle)
    await replay_history_of(handle)

    [account] = await accounts_of(office)
    assert recorded(office) == (
        account,
        False,
        "external_account, tos_acceptance.date, tos_acceptance.ip",
    )
    known = (await office.payments._stripe.accounts.retrieve_async(account)).to_dict()
    [(mail,)] = office.database.rows("SELECT mail FROM people WHERE id = %s", office.technician)
    assert (known["email"], known["business_type"], known["country"]) == (mail, "individual", "FR")
    assert known["controller"]["requirement_collection"] == "application"
    individual = known["individual"]
    assert (individual["first_name"], individual["last_name"]) == ("Thomas", "Leroy")
    assert individual["dob"] == {"day": 12, "month": 4, "year": 1990}
    assert individual["address"]["city"] == "Lyon"
    assert timedelta(0) < page.expires_at - datetime.now(UTC) <= timedelta(minutes=5)
    assert complete_account(page.url) == BACK


async def test_a_second_asking_is_another_link_and_writes_nothing_over(office: Office) -> None:
    first = await a_page(office, "first")
    assert complete_account(first.url, business_type="individual", first_name="T.", last_name="L.") == BACK
    office.database.execute("UPDATE payees SET is_company = true WHERE technician_id = %s", office.technician)
    second = await a_page(office, "second")
    assert second.url != first.url
    [account] = await accounts_of(office)
    known = (await office.payments._stripe.accounts.retrieve_async(account)).to_dict()
    assert (known["business_type"], known["individual"]["first_name"]) == ("individual", "T.")


async def test_two_askings_at_once_open_one_account(office: Office) -> None:
    pages = await asyncio.gather(*(a_page(office, key) for key in ("one", "two", "three")))
    assert len({page.url for page in pages}) == 3
    [account] = await accounts_of(office)
    assert recorded(office)[0] == account
    assert {page.url.split("/")[-2] for page in pages} == {account}


@pytest.mark.parametrize("days_later", [False, True])
async def test_an_account_opened_before_a_crash_is_found_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, days_later: bool
) -> None:
    """The provider forgets our key after a day: then it is its list that knows."""
    forget = office.stripe.forget_keys if days_later else lambda: None
    opened = dying_after(office.payments.open_account, forget)
    monkeypatch.setattr(office.payments, "open_account", opened)
    handle = await ask(office)
    page = await page_of(handle)
    await replay_history_of(handle)
    [account] = await accounts_of(office)
    assert recorded(office)[0] == account
    assert f"/{account}/" in page.url


async def test_an_identity_corrected_during_a_crash_opens_no_second_account(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def corrected() -> None:
        office.database.execute(
            "UPDATE payees SET is_company = false, first_name = 'Tomas' WHERE technician_id = %s",
            office.technician,
        )

    office.database.execute("UPDATE payees SET is_company = true WHERE technician_id = %s", office.technician)
    described = dying_after(office.payments.describe_account, corrected)
    monkeypatch.setattr(office.payments, "describe_account", described)
    page = await a_page(office)
    [account] = await accounts_of(office)
    assert recorded(office)[0] == account
    assert f"/{account}/" in page.url


async def test_an_outage_records_the_account_and_gives_the_link_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that nobody waits for any more would be dead before they came. Asked again, it goes on."""
    link = office.payments.open_account_page

    async def away(**_: Any) -> AccountPageOpened:
        raise PaymentsBroken("timeout")

    monkeypatch.setattr(office.payments, "open_account_page", away)
    handle = await ask(office)
    asked = asyncio.create_task(page_of(handle))
    await office.environment.fast_forward(handle, timedelta(minutes=3))
    for ending, raises in ((asked, WorkflowUpdateFailedError), (handle.result(), WorkflowFailureError)):
        with pytest.raises(raises) as failed:
            await ending
        ended: Any = failed.value
        assert isinstance(problem := problem_of(ended), Problem)
        assert problem.code is Refusal.PROVIDER_AWAY
    await replay_history_of(handle)
    assert recorded(office)[0] is not None

    monkeypatch.setattr(office.payments, "open_account_page", link)
    assert (await a_page(office)).url
    assert len(await accounts_of(office)) == 1


async def test_an_account_that_nobody_tells_of_is_looked_at_all_the_same(office: Office) -> None:
    handle = await ask(office)
    page = await page_of(handle)
    assert complete_account(page.url, business_type="individual", first_name="T.", last_name="L.") == BACK
    assert recorded(office)[1] is False
    await office.environment.fast_forward(handle, timedelta(minutes=11))
    for _ in range(200):
        if recorded(office)[1:] == (True, None):
            break
        await asyncio.sleep(0.05)
    assert recorded(office)[1:] == (True, None)
    await office.environment.fast_forward(handle, timedelta(days=5))
    await handle.result()
    await replay_history_of(handle)
