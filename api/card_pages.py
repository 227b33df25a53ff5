"""Opening the provider's page on which a client gives a card."""

from pydantic import BaseModel

from api.dependencies import Dependencies
from api.idempotency import Key, asking, update_id_of
from api.processes import Workflows
from db.reads.people import KnownPerson
from db.stores.requests import remember
from domain.cards import CardRequest
from domain.ids import card_workflow_id


async def card_page_url(
    given: Dependencies,
    workflows: Workflows,
    client: KnownPerson,
    key: Key,
    return_url: str,
    body: BaseModel | None = None,
) -> str:
    """Good for a day; the same for the same `key`. `return_url` is where the page sends the client
    afterwards. Raises `Problem(CARD_PAGE_CLOSED)` when that page is over."""
    asked = asking(client, key, "card", body)
    async with given.sessions.begin() as session:
        await remember(session, asked)
    update_id = update_id_of(asked)
    page = await workflows.open_card_page(
        card_workflow_id(client.id, update_id), CardRequest(client.id, return_url), update_id
    )
    return page.url
