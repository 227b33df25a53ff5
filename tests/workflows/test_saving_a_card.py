"""A client's card, from the hosted page to our books, whether or not Stripe's notice arrives."""

from datetime import timedelta

import httpx
import pytest

from domain.cards import CardPageOpened, CardRequest
from domain.ids import card_workflow_id
from tests.support.temporal import replay_history_of
from tests.workflows.conftest import Office
from workflows.card.workflow import CardWorkflow

FORM = {"card_number": "4242424242424242", "expiry": "12/40", "cvc": "123"}


@pytest.mark.parametrize("notice_arrives", [True, False])
async def test_a_card_given_on_the_page_is_saved(office: Office, notice_arrives: bool) -> None:
    office.database.execute("DELETE FROM cards")
    handle = await office.environment.client.start_workflow(
        CardWorkflow.run,
        CardRequest(office.client, "https://example.fr/merci"),
        id=card_workflow_id(office.client, office.task_queue),
        task_queue=office.task_queue,
    )
    page: CardPageOpened = await handle.execute_update("page", result_type=CardPageOpened)
    async with httpx.AsyncClient() as browser:
        assert (await browser.post(page.url, data=FORM)).status_code == 303
    if notice_arrives:
        await handle.signal("page_news")
    else:
        await office.environment.fast_forward(handle, timedelta(minutes=3))
    assert await handle.result() is True
    assert office.database.rows("SELECT client_id::text, label FROM cards") == [(office.client, "visa 4242")]
    await replay_history_of(handle)


async def test_a_page_nobody_uses_ends_after_a_day(office: Office) -> None:
    office.database.execute("DELETE FROM cards")
    handle = await office.environment.client.start_workflow(
        CardWorkflow.run,
        CardRequest(office.client, "https://example.fr/merci"),
        id=card_workflow_id(office.client, office.task_queue),
        task_queue=office.task_queue,
    )
    await office.environment.fast_forward(handle, timedelta(hours=26))
    assert await handle.result() is False
    assert office.database.rows("SELECT card_reference FROM cards") == [(None,)]
    await replay_history_of(handle)
