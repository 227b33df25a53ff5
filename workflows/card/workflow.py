"""Saving a card: the provider's hosted page is opened, and the card kept once the client has given it."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.cards import CardActivities
from domain.cards import CardPageOpened, CardRequest, OpenCardPage, SaveCard
from domain.ids import card_page_key
from workflows import steps, wording
from workflows.options import PROVIDER

# The provider tells us when the card is given; in case its notice is lost we look by ourselves, ever more
# rarely, until after the page's own end of life (24 hours).
LOOKS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=24))


@workflow.defn(name="Card")
class CardWorkflow:
    @workflow.init
    def __init__(self, request: CardRequest) -> None:
        self._request = request
        self._page: CardPageOpened | None = None
        self._refused: ActivityError | None = None
        self._news = False

    @workflow.run
    async def run(self, _request: CardRequest) -> bool:
        """True once the card is saved; false when the page died unused."""
        page = self._page = await self._open()
        saved = False
        for pause in LOOKS:
            saved = await self._look_after(pause, page)
            if saved:
                break
        await workflow.wait_condition(workflow.all_handlers_finished)
        return saved

    @workflow.update(description=steps.CARD_ADDRESS)
    async def page(self) -> CardPageOpened:
        await workflow.wait_condition(lambda: self._page is not None or self._refused is not None)
        if self._page is None:
            raise self._refused or RuntimeError("no page after it was waited for")
        return self._page

    @workflow.signal(description=steps.PROVIDER_NEWS)
    def page_news(self) -> None:
        self._news = True

    async def _open(self) -> CardPageOpened:
        try:
            return await workflow.execute_activity_method(
                CardActivities.open_card_page,
                OpenCardPage(
                    self._request.client_id,
                    card_page_key(workflow.info().workflow_id),
                    self._request.return_url,
                ),
                summary=steps.CARD_PAGE_OPENED,
                **PROVIDER,
            )
        except ActivityError as refused:
            # Whoever asked is told so first; then there is no such page.
            self._refused = refused
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise

    async def _look_after(self, pause: timedelta, page: CardPageOpened) -> bool:
        """Look at the provider's news, or after the pause without any."""
        until = workflow.now() + pause
        while (left := until - workflow.now()) > timedelta(0):
            try:
                await workflow.wait_condition(
                    lambda: self._news, timeout=left, timeout_summary=wording.CARD_PAGE
                )
            except TimeoutError:
                break
            if await self._save(page):
                return True
        return await self._save(page)

    async def _save(self, page: CardPageOpened) -> bool:
        self._news = False
        return await workflow.execute_activity_method(
            CardActivities.save_card,
            SaveCard(self._request.client_id, page.session),
            summary=steps.CARD_READ,
            **PROVIDER,
        )
