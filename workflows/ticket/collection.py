"""What people do about a debt: the client pays it by hand, or it is given up."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.billing import BillingActivities
from activities.failures import refusal, refusals
from domain.billing_steps import ChargeCancelled, ChargeInvoice, PaymentState, WriteOff
from domain.errors import Refusal, Refused
from domain.messages import Answer, PayAsked, PaymentTried, WriteOffAsked
from domain.notices import Notice
from domain.tickets import Command, Outcome, Status
from workflows import steps
from workflows.options import DATABASE, PROVIDER, PROVIDER_AT_ONCE
from workflows.ticket.settlement import Settlement

# Our code for a try that a dispute has overtaken.
SUSPENDED = "suspended"


class Collection(Settlement):
    @workflow.update(description=steps.PAY)
    async def pay(self, asked: PayAsked) -> Answer:
        """A try of the saved card beside those of the calendar, on the same intent: whichever comes first
        collects. Like them it does not hold the lock, so that a dispute never waits for the provider."""
        async with self.accepting(Command.PAY, asked.actor) as act:
            self._check_due()
            self.tries += 1
            attempt = self.tries
        await workflow.wait_condition(lambda: not self.undocumented)
        tried = await workflow.execute_activity_method(
            BillingActivities.charge_invoice,
            ChargeInvoice(act, self.issued(), attempt, by_hand=True, return_url=asked.return_url),
            summary=steps.payment_asked(attempt),
            **PROVIDER,
        )
        if tried.withheld:
            return Answer(self.status, payment=PaymentTried(SUSPENDED))
        if tried.refusal is None and tried.confirm_url is None:
            self.payment_changed = True
        elif tried.refusal == "authentication_required" and self.status in {Status.INVOICED, Status.UNPAID}:
            # Asked on the phone: only the client can confirm, by the link that the mail has.
            self.tell(Notice.PAYMENT_REFUSED, str(attempt))
        return Answer(self.status, payment=PaymentTried(tried.refusal, tried.confirm_url))

    @pay.validator
    def check_pay(self, asked: PayAsked) -> None:
        if not self.is_busy:
            self.check(Command.PAY, asked.actor)
            self._check_due()

    @workflow.update(description=steps.WRITE_OFF)
    async def write_off(self, asked: WriteOffAsked) -> Answer:
        """Once nothing can be collected any more. Money that has come meanwhile is entered instead. A dispute
        waits for the lock: the provider is not tried for long."""
        async with self.accepting(Command.WRITE_OFF, asked.actor) as act:
            charge = await self._cancel_charge()
            if charge.cancelled:
                found = await workflow.execute_activity_method(
                    BillingActivities.write_off,
                    WriteOff(act, self.issued(), asked.submission_id, charge.intent),
                    summary=steps.WRITTEN_OFF,
                    **DATABASE,
                )
            if not charge.cancelled or found.state is PaymentState.ON_ITS_WAY:
                self.payment_changed = True
                raise refusal(Refused(Refusal.PAYMENT_ON_ITS_WAY))
            self.outcome = Outcome.WRITTEN_OFF
            self.enter(Status.CLOSED)
        return self.answer()

    @write_off.validator
    def check_write_off(self, asked: WriteOffAsked) -> None:
        self.validate(Command.WRITE_OFF, asked.actor)

    async def _cancel_charge(self) -> ChargeCancelled:
        """Raises `Refused(PROVIDER_AWAY)`; cancelled or not by then, it may be asked again."""
        try:
            return await workflow.execute_activity_method(
                BillingActivities.cancel_charge,
                self.issued(),
                summary=steps.PAYMENT_CANCELLED,
                **PROVIDER_AT_ONCE,
            )
        except ActivityError as error:
            raise refusal(Refused(Refusal.PROVIDER_AWAY)) from error

    def _check_due(self) -> None:
        """An invoice that was credited whole is about to be closed."""
        with refusals():
            if self.nothing_due:
                raise Refused(Refusal.NOTHING_DUE)
