"""From an accepted intervention to money received: invoice, charge, and what the provider collected."""

import logging
from collections.abc import Sequence

from temporalio import activity

from activities.gateways.payments import (
    Charged,
    ChargeRefused,
    Payments,
    RefundRefused,
    ToConfirm,
)
from db.engine import Sessions
from db.stores.money import acceptance, payments
from domain.billing_steps import (
    Accept,
    Accepted,
    ChargeAnswer,
    ChargeCancelled,
    ChargeInvoice,
    CheckPayment,
    PaymentFound,
    PaymentState,
    Resettle,
    Resettled,
    WriteOff,
)
from domain.ids import refund_key
from domain.refunds import SentBack, TransferState

log = logging.getLogger(__name__)

# Our own code beside the provider's: the client has taken their card away since the booking.
NO_CARD = "no_card"


class BillingActivities:
    def __init__(self, database: Sessions, provider: Payments) -> None:
        self._database = database
        self._provider = provider

    @activity.defn
    async def accept(self, message: Accept) -> Accepted:
        """Review, gain, invoice and their postings, in one transaction."""
        async with self._database.begin() as session:
            return await acceptance.accept(session, message)

    @activity.defn
    async def charge_invoice(self, message: ChargeInvoice) -> ChargeAnswer:
        """Try the saved card once for this attempt: off-session or, with `return_url`, while the client is
        there to confirm it with their bank.

        The intent's reference is kept before it is confirmed, and each call carries a key made of the
        invoice and the attempt: killed between any two lines, the step runs again and collects once.
        """
        async with self._database.begin() as session:
            bill = await payments.to_charge(session, message.invoice)
        if bill.suspended or bill.outcome is not None or not bill.due_cents:
            return ChargeAnswer(withheld=True)
        if bill.customer is None or bill.card is None:
            return ChargeAnswer(refusal=NO_CARD)
        intent = bill.intent
        if intent is None:
            intent = await self._provider.prepare_charge(
                invoice=bill.invoice,
                ticket=bill.ticket,
                amount_cents=bill.amount_cents,
                customer=bill.customer,
                card=bill.card,
            )
            async with self._database.begin() as session:
                if not await payments.record_intent(session, message.act, bill.invoice, intent):
                    return ChargeAnswer(withheld=True)
        if bill.due_cents != bill.amount_cents:
            await self._provider.set_amount(intent=intent, invoice=bill.invoice, amount_cents=bill.due_cents)
        outcome = await self._provider.charge(
            intent=intent,
            invoice=bill.invoice,
            attempt=message.attempt,
            card=bill.card,
            return_url=message.return_url,
        )
        answer = _answer(outcome)
        async with self._database.begin() as session:
            await payments.record_attempt(session, message, answer.refusal or unconfirmed(answer))
        return answer

    @activity.defn
    async def check_payment(self, message: CheckPayment) -> PaymentFound:
        """Ask the provider what it has collected; once it has, send back what is no longer due, enter the
        payment and close the ticket. Nothing moves while it is suspended."""
        async with self._database.begin() as session:
            bill = await payments.to_charge(session, message.invoice)
        if bill.outcome is not None:
            # What is owed back after the end is a refund case's to send.
            return PaymentFound(PaymentState(bill.outcome))
        collected = await self._provider.collected(bill.intent) if bill.intent else None
        if isinstance(collected, ChargeRefused):
            return PaymentFound(PaymentState.REFUSED)
        if collected is None or bill.intent is None or bill.suspended:
            return PaymentFound(PaymentState.ON_ITS_WAY)
        if not bill.due_cents <= collected.amount_cents <= bill.amount_cents:
            # Never entered: it stays "on its way" for us, and the back office is told that it is late.
            log.error("invoice %s: the provider collected another amount", bill.invoice)
            return PaymentFound(PaymentState.ON_ITS_WAY)
        sent = await self._send_back(bill.intent, bill.invoice, collected.amount_cents - bill.due_cents)
        if sent is None:
            return PaymentFound(PaymentState.ON_ITS_WAY)
        received = payments.Received(collected.amount_cents, collected.fee_cents, bill.due_cents, sent)
        async with self._database.begin() as session:
            entered = await payments.record_collected(session, message, received)
        if not entered:
            return PaymentFound(PaymentState.ON_ITS_WAY)
        return PaymentFound(PaymentState.PAID if bill.due_cents else PaymentState.WAIVED)

    async def _send_back(self, intent: str, invoice: str, excess_cents: int) -> tuple[SentBack, ...] | None:
        """What was collected beyond what is due, whatever of it was sent before: another ruling may have made
        it more. None while the provider refuses, or waits (it has not enough of our money, or a bank has it):
        then the payment stays on its way for us, and the back office is told that it is late."""
        sent: list[SentBack] = []
        while (left := excess_cents - _standing_cents(sent)) > 0:
            answer = await self._provider.refund(
                intent=intent,
                key=refund_key(invoice, 0, len(sent) + 1),
                invoice=invoice,
                amount_cents=left,
            )
            if isinstance(answer, RefundRefused):
                log.warning("invoice %s: its excess cannot be sent back: %s", invoice, answer.code)
                return None
            sent.append(answer)
        return None if any(one.state is TransferState.WAITING for one in sent) else tuple(sent)

    @activity.defn
    async def drop_charge(self, message: CheckPayment) -> PaymentFound:
        """Nothing is owed any more: see that nothing can be collected, and close the ticket. What was
        collected already is found by looking at the payment."""
        dropped = await self.cancel_charge(message.invoice)
        if not dropped.cancelled:
            return PaymentFound(PaymentState.ON_ITS_WAY)
        async with self._database.begin() as session:
            closed = await payments.record_dropped(session, message, dropped.intent)
        return PaymentFound(PaymentState.WAIVED if closed else PaymentState.ON_ITS_WAY)

    @activity.defn
    async def cancel_charge(self, invoice: str) -> ChargeCancelled:
        """See that nothing can be collected any more, unless money is on its way already."""
        async with self._database.begin() as session:
            intent = (await payments.to_charge(session, invoice)).intent
        if intent is None:
            return ChargeCancelled(True)
        cancelled = await self._provider.cancel_charge(intent=intent, invoice=invoice)
        return ChargeCancelled(cancelled, intent)

    @activity.defn
    async def write_off(self, message: WriteOff) -> PaymentFound:
        """Give the debt up and close the ticket. Its charge was cancelled before."""
        async with self._database.begin() as session:
            closed = await payments.record_written_off(session, message)
        return PaymentFound(PaymentState.WRITTEN_OFF if closed else PaymentState.ON_ITS_WAY)

    @activity.defn
    async def resettle(self, message: Resettle) -> Resettled:
        """The ruling, the credit note and the corrected gains, in one transaction."""
        async with self._database.begin() as session:
            return await acceptance.resettle(session, message)


def _standing_cents(sent: Sequence[SentBack]) -> int:
    """What has not come back."""
    return sum(one.amount_cents for one in sent if one.state is not TransferState.FAILED)


def _answer(outcome: Charged | ChargeRefused | ToConfirm) -> ChargeAnswer:
    match outcome:
        case Charged():
            return ChargeAnswer()
        case ChargeRefused():
            return ChargeAnswer(refusal=outcome.code)
        case ToConfirm():
            return ChargeAnswer(confirm_url=outcome.url)


def unconfirmed(answer: ChargeAnswer) -> str | None:
    """The code kept for a try that the client has yet to confirm."""
    return "authentication_required" if answer.confirm_url is not None else None
