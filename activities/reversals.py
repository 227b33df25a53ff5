"""Transfers taken back: what the provider says of them, and taking one back ourselves."""

from temporalio import activity

from activities.failures import refusals
from activities.gateways.payments import Payments
from db.engine import Sessions
from db.stores.payouts import reversals
from domain.reversals import LookAtTransfers, TakeBack, TakenBack


class ReversalActivities:
    def __init__(self, database: Sessions, provider: Payments) -> None:
        self._database = database
        self._provider = provider

    @activity.defn
    async def look_at_transfers(self, message: LookAtTransfers) -> None:
        """All that was taken back of a payout's transfers, recorded in one transaction."""
        found = await self._provider.transfers_of(message.payout)
        async with self._database.begin() as session:
            await reversals.record_seen(session, message, found)

    @activity.defn
    async def take_back_transfer(self, message: TakeBack) -> TakenBack:
        """The transfer that paid when it was asked, and no later one: killed between any two lines, the step
        goes on with the same request. Entering what was taken back is the look's."""
        with refusals():
            async with self._database.begin() as session:
                request = await reversals.ask(session, message)
        if request.refusal is not None:
            return TakenBack(request.refusal)
        refused = await self._provider.take_back(
            transfer=request.transfer, payout=request.payout, attempt=request.attempt, n=request.n
        )
        if refused is None:
            return TakenBack()
        async with self._database.begin() as session:
            await reversals.record_refusal(session, message.key, refused.code)
        return TakenBack(refused.code)
