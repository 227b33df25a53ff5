"""A payout's transfers at the provider: looked at whenever one is taken back, and taken back for finance."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

from activities.failures import refusal
from activities.reversals import ReversalActivities
from domain.errors import Refusal, Refused
from domain.reversals import (
    UNFUNDED,
    LookAtTransfers,
    TakeBack,
    TakeBackAsked,
    TakenBack,
    TransferRequest,
)
from workflows import steps
from workflows.options import PROVIDER, PROVIDER_AT_ONCE


@workflow.defn(name="Transfer")
class TransferWorkflow:
    """Begun by each notice, and by finance's request, unless one is at work already."""

    @workflow.init
    def __init__(self, request: TransferRequest) -> None:
        self._payout = request.payout
        self._news = True
        self._lock = asyncio.Lock()

    @workflow.run
    async def run(self, _request: TransferRequest) -> None:
        while True:
            while self._news:
                await self._look()
            await workflow.wait_condition(lambda: self._news or workflow.all_handlers_finished())
            if not self._news:
                return

    @workflow.signal(description=steps.PROVIDER_NEWS)
    def transfer_news(self) -> None:
        """No more than a hint to look."""
        self._news = True

    @workflow.update(description=steps.TAKE_BACK)
    async def take_back(self, asked: TakeBackAsked) -> None:
        """Answers once the payout is to be sent again. Raises `NOT_PAID_BY_PROVIDER`, `REVERSAL_UNFUNDED`,
        `REVERSAL_REFUSED`, or `PROVIDER_AWAY`, after which it may be asked again."""
        update = workflow.current_update_info()
        if update is None:
            raise RuntimeError("asked for by an update only")
        async with self._lock:
            taken = await self._take_back(TakeBack(self._payout, update.id, asked, workflow.now()))
            if taken.refusal is not None:
                code = Refusal.REVERSAL_UNFUNDED if taken.refusal in UNFUNDED else Refusal.REVERSAL_REFUSED
                raise refusal(Refused(code, reason=taken.refusal))
            await self._look()

    async def _take_back(self, message: TakeBack) -> TakenBack:
        try:
            return await workflow.execute_activity_method(
                ReversalActivities.take_back_transfer,
                message,
                summary=steps.TAKEN_BACK,
                **PROVIDER_AT_ONCE,
            )
        except ActivityError as error:
            refused = isinstance(error.cause, ApplicationError) and error.cause.non_retryable
            if refused or is_cancelled_exception(error):
                raise
            # Done or not: it is looked at as soon as the provider answers.
            self._news = True
            raise refusal(Refused(Refusal.PROVIDER_AWAY)) from error

    async def _look(self) -> None:
        # Before we look, for what comes meanwhile asks for another look.
        self._news = False
        await workflow.execute_activity_method(
            ReversalActivities.look_at_transfers,
            LookAtTransfers(self._payout, workflow.now()),
            summary=steps.TRANSFERS_READ,
            **PROVIDER,
        )
