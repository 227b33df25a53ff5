"""The steps of a payout run: each one transaction or one transfer, safe to repeat."""

from temporalio import activity

from activities.failures import refusals
from activities.gateways.payments import Payments, TransferRefused, TransferSent
from db.engine import Sessions
from db.reads.documents import undocumented_statements
from db.stores.payouts import claims, runs, transfers
from domain.payout_steps import (
    Claim,
    Claimed,
    FindStatements,
    FinishRun,
    OpenRun,
    PayoutToSend,
    RecordRefusal,
    RecordTransfer,
    RunOpened,
    StatementToWrite,
    TransferAnswer,
)


class TransferActivities:
    """On a task queue of its own, which gives them out no faster than the provider takes them."""

    def __init__(self, provider: Payments) -> None:
        self._provider = provider

    @activity.defn
    async def send_transfer(self, payout: PayoutToSend) -> TransferAnswer:
        """Only the provider is asked here: killed after its yes, the step runs again and finds the
        transfer. Recording it is a step of its own, with the time of the yes."""
        outcome = await self._provider.transfer(
            payout=payout.key,
            attempt=payout.attempt,
            account=payout.account,
            amount_cents=payout.amount_cents,
        )
        if isinstance(outcome, TransferSent):
            return TransferAnswer(transfer=outcome.transfer)
        return TransferAnswer(refusal=outcome.code)

    @activity.defn
    async def find_transfer(self, payout: PayoutToSend) -> TransferAnswer:
        """What the provider has sent for it, if anything: nothing is sent here. One that has sent another
        amount is a refusal."""
        known = await self._provider.known_transfer(payout=payout.key, amount_cents=payout.amount_cents)
        match known:
            case TransferSent():
                return TransferAnswer(transfer=known.transfer)
            case TransferRefused():
                return TransferAnswer(refusal=known.code)
        return TransferAnswer()


class PayoutActivities:
    def __init__(self, database: Sessions) -> None:
        self._database = database

    @activity.defn
    async def open_run(self, message: OpenRun) -> RunOpened:
        with refusals():
            async with self._database.begin() as session:
                return await runs.open_run(session, message)

    @activity.defn
    async def claim(self, message: Claim) -> Claimed:
        """Statement, gains, payout and posting, in one transaction."""
        async with self._database.begin() as session:
            return await claims.claim(session, message)

    @activity.defn
    async def record_transfer(self, message: RecordTransfer) -> None:
        async with self._database.begin() as session:
            await transfers.record_transfer(session, message)

    @activity.defn
    async def record_transfer_refusal(self, message: RecordRefusal) -> None:
        async with self._database.begin() as session:
            await transfers.record_refusal(session, message)

    @activity.defn
    async def statements_to_write(self, message: FindStatements) -> tuple[StatementToWrite, ...]:
        """Those of the month that have no document yet, whichever run claimed them."""
        async with self._database.begin() as session:
            return await undocumented_statements(session, message)

    @activity.defn
    async def finish_run(self, message: FinishRun) -> None:
        async with self._database.begin() as session:
            await runs.finish_run(session, message)
