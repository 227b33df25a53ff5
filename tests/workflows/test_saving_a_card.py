"""A client's card, from the hosted page to our books, whether or not Stripe's notice arrives."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError

from domain.cards import CardPageOpened, CardRequest
from domain.ids import card_workflow_id
from tests.support.stripe_sandbox import API_KEY
from tests.support.temporal import replay_history_of
from tests.workflows.conftest import Office
from workflows.card.workflow import CardWorkflow


async def open_page(
    office: Office, request: str = "first"
) -> tuple[WorkflowHandle[CardWorkflow, bool], CardPageOpened]:
    handle = await office.environment.client.start_workflow(
        CardWorkflow.run,
        CardRequest(office.client, "https://example.fr/merci"),
        id=card_workflow_id(office.client, request),
        task_queue=office.task_queue,
    )
    page: CardPageOpened = await handle.execute_update("page", result_type=CardPageOpened)
    return handle, page


async def give(page: CardPageOpened, number: str = "4242424242424242") -> None:
    async with httpx.AsyncClient() as browser:
        form = {"card_number": number, "expiry": "12/40", "cvc": "123"}
        assert (await browser.post(page.url, data=form)).status_code == 303


@pytest.mark.parametrize("notice_arrives", [True, False])
async def test_a_card_given_on_the_page_is_saved(office: Office, notice_arrives: bool) -> None:
    office.database.execute("DELETE FROM cards")
    handle, page = await open_page(office)
    await give(page)
    if notice_arrives:
        await handle.signal("page_news")
    else:
        await office.environment.fast_forward(handle, timedelta(minutes=3))
    assert await handle.result() is True
    assert office.database.rows("SELECT client_id::text, label FROM cards") == [(office.client, "visa 4242")]
    await replay_history_of(handle)


async def test_a_page_nobody_uses_ends_after_a_day(office: Office) -> None:
    office.database.execute("DELETE FROM cards")
    handle, _ = await open_page(office)
    await office.environment.fast_forward(handle, timedelta(hours=26))
    assert await handle.result() is False
    assert office.database.rows("SELECT card_reference FROM cards") == [(None,)]
    await replay_history_of(handle)


async def test_whose_account_is_erased_as_the_page_opens_leaves_nothing_at_the_provider(
    office: Office,
) -> None:
    """They asked for the page in their last second: the erasure has looked for a customer and found none."""
    office.database.execute("DELETE FROM cards")
    office.database.execute("UPDATE people SET active = false WHERE id = %s", office.client)
    with pytest.raises(WorkflowUpdateFailedError):
        await open_page(office)
    assert office.database.rows("SELECT * FROM cards") == []
    # Under the same key it is the same one.
    customer = await office.payments.open_customer(office.client)
    gone = await office.payments._stripe.customers.retrieve_async(customer)
    assert gone.to_dict() == {"id": customer, "object": "customer", "deleted": True}


async def test_a_card_replaced_days_later_hangs_on_the_same_customer(office: Office) -> None:
    """Stripe forgets our key after a day: asked again it would make a second customer."""
    [(customer,)] = office.database.rows("SELECT customer_reference FROM cards")
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {API_KEY}"}) as control:
        settings = f"{office.stripe.url}/_sandbox/settings"
        (await control.post(settings, json={"idempotency_lifetime_seconds": 0})).raise_for_status()
        try:
            handle, page = await open_page(office)
        finally:
            await control.post(settings, json={"idempotency_lifetime_seconds": 86400})
    await give(page)
    await handle.signal("page_news")
    assert await handle.result() is True
    assert office.database.rows("SELECT customer_reference, label FROM cards") == [(customer, "visa 4242")]
    ticket = await office.a_ticket()
    await ticket.reach_review()
    await ticket.act("review", ticket.satisfied())
    await ticket.handle.signal("payment_news")
    assert await ticket.handle.result() == "paid"


async def test_a_page_looked_at_late_does_not_replace_a_card_given_since(office: Office) -> None:
    office.database.execute("DELETE FROM cards")
    first, first_page = await open_page(office, "first")
    await give(first_page)
    await asyncio.sleep(1.1)  # Stripe's clock counts seconds
    second, second_page = await open_page(office, "second")
    await give(second_page, "5555555555554444")
    await second.signal("page_news")
    await second.result()
    await first.signal("page_news")
    await first.result()
    assert office.database.rows("SELECT label FROM cards") == [("mastercard 4444",)]
