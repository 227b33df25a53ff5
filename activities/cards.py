"""Saving a client's card on the provider's hosted page. No card data comes to us."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.gateways.payments import Payments
from db.engine import Sessions
from db.stores import cards
from domain.cards import CardPageOpened, OpenCardPage, SaveCard


class CardActivities:
    def __init__(self, database: Sessions, provider: Payments) -> None:
        self._database = database
        self._provider = provider

    @activity.defn
    async def open_card_page(self, message: OpenCardPage) -> CardPageOpened:
        """The client's account at the provider is made once, and so is the page for this request."""
        async with self._database.begin() as session:
            customer = await cards.known_customer(session, message.client_id)
        if customer is None:
            # The provider forgets our key after a day: what we have recorded is what counts.
            opened = await self._provider.open_customer(message.client_id)
            customer = await self._recorded(message.client_id, opened)
        page = await self._provider.open_card_page(
            customer=customer, key=message.key, return_url=message.return_url
        )
        return CardPageOpened(session=page.session, url=page.url)

    async def _recorded(self, client_id: str, opened: str) -> str:
        """The reference that counts. Of who was erased meanwhile the provider keeps nothing either."""
        try:
            async with self._database.begin() as session:
                return await cards.record_customer(session, client_id, opened)
        except cards.ClientGone:
            await self._provider.delete_customer(opened)
            raise ApplicationError("the client has left", type="client_gone", non_retryable=True) from None

    @activity.defn
    async def save_card(self, message: SaveCard) -> bool:
        """Keep the reference of the card given on the page. False while none has been given."""
        saved = await self._provider.saved_card(message.session)
        if saved is None:
            return False
        async with self._database.begin() as session:
            await cards.record_card(session, message.client_id, saved.card, saved.label, saved.given_at)
        return True
