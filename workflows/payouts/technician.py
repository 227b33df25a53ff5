"""One technician in a payout run: claim what is earned, send what is not sent, by provider or by bank."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.common import VersioningBehavior
from temporalio.exceptions import ActivityError, is_cancelled_exception

from activities.bank import BankActivities
from activities.payouts import PayoutActivities, TransferActivities
from domain.bank_steps import OrderTransfer
from domain.ids import transfers_queue
from domain.payees import Rail
from domain.payout_steps import (
    Claim,
    Claimed,
    PayoutToSend,
    RecordRefusal,
    RecordTransfer,
    TechnicianOrder,
    TransferAnswer,
)
from domain.payouts import PROVIDER_UNAVAILABLE, TechnicianPaid
from workflows.options import DATABASE, PROVIDER
from workflows.payouts import wording

# A night's outage passes unseen; after that finance is told, and reruns the month when the provider is back.
LONGEST_OUTAGE = timedelta(hours=6)


# As its run, whose build it keeps.
@workflow.defn(name="TechnicianPayout", versioning_behavior=VersioningBehavior.PINNED)
class TechnicianPayoutWorkflow:
    """The only one that sends this technician's payouts of this month: its id is made of both, and a run
    leaves other months' payouts alone. So no two attempts of one payout are ever under way."""

    @workflow.run
    async def run(self, order: TechnicianOrder) -> TechnicianPaid:
        claimed = await self._claim(order)
        paid_cents, ordered_cents, failure = 0, 0, claimed.failure
        for payout in claimed.payouts:
            answer = await self._hand_over(payout)
            if answer.transfer is not None:
                await self._record_transfer(payout, answer.transfer)
                paid_cents += payout.amount_cents
            elif answer.ordered is not None:
                ordered_cents += payout.amount_cents
            elif answer.refusal is not None:
                # Another payout of theirs may still pass: a smaller amount, say.
                await self._record_refusal(payout, answer.refusal)
                failure = answer.refusal
        return TechnicianPaid(order.technician_id, paid_cents, failure, ordered_cents)

    async def _claim(self, order: TechnicianOrder) -> Claimed:
        return await workflow.execute_activity_method(
            PayoutActivities.claim, Claim(order, workflow.now()), summary=wording.CLAIM, **DATABASE
        )

    async def _hand_over(self, payout: PayoutToSend) -> TransferAnswer:
        """By the technician's rail of today. What the provider may have sent before they changed is looked
        for first: the bank is told only once it is known that there is nothing."""
        if payout.rail is Rail.STRIPE:
            return await self._ask_provider(
                TransferActivities.send_transfer,
                payout,
                wording.transfer_summary(payout.amount_cents, payout.attempt),
            )
        if payout.look_first:
            found = await self._ask_provider(TransferActivities.find_transfer, payout, wording.FIND_TRANSFER)
            if found != TransferAnswer():
                return found
        return await workflow.execute_activity_method(
            BankActivities.order_transfer,
            OrderTransfer(payout, workflow.now()),
            summary=wording.order_summary(payout.amount_cents, payout.attempt),
            **DATABASE,
        )

    async def _ask_provider(
        self,
        step: Callable[[TransferActivities, PayoutToSend], Awaitable[TransferAnswer]],
        payout: PayoutToSend,
        summary: str,
    ) -> TransferAnswer:
        """Retried while the provider is away: an outage delays a payout, a refusal ends the try. One given up
        has no outcome, so a rerun goes on with the same try."""
        try:
            return await workflow.execute_activity_method(
                step,
                payout,
                task_queue=transfers_queue(workflow.info().task_queue),
                summary=summary,
                schedule_to_close_timeout=LONGEST_OUTAGE,
                start_to_close_timeout=PROVIDER["start_to_close_timeout"],
                retry_policy=PROVIDER["retry_policy"],
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            return TransferAnswer(refusal=PROVIDER_UNAVAILABLE)

    async def _record_transfer(self, payout: PayoutToSend, transfer: str) -> None:
        await workflow.execute_activity_method(
            PayoutActivities.record_transfer,
            RecordTransfer(payout, transfer, workflow.now()),
            summary=wording.RECORD_TRANSFER,
            **DATABASE,
        )

    async def _record_refusal(self, payout: PayoutToSend, refusal: str) -> None:
        await workflow.execute_activity_method(
            PayoutActivities.record_transfer_refusal,
            RecordRefusal(payout, refusal),
            summary=wording.RECORD_REFUSAL,
            **DATABASE,
        )
