"""From the invoice to the money: the card is charged off-session, tried again when refused, and the ticket
closes once the provider says that it has collected."""

from datetime import datetime, timedelta

from temporalio import workflow

from activities.billing import BillingActivities
from activities.tickets import TicketActivities
from domain.billing_steps import ChargeInvoice, CheckPayment, PaymentState
from domain.notices import Notice
from domain.ticket_steps import ChangeStatus
from domain.tickets import Outcome, Status
from workflows import steps, wording
from workflows.agenda import Deadline, wait
from workflows.options import DATABASE, PROVIDER
from workflows.ticket.process import TicketProcess


class Settlement(TicketProcess):
    @workflow.signal(description=steps.PROVIDER_NEWS)
    def payment_news(self) -> None:
        """No more than a hint to look: what counts is what the provider answers when asked."""
        self.payment_changed = True

    async def settle(self) -> None:
        """Charge now, then after each delay of the retry calendar counted from the first refusal. After a
        dispute that is now as well, in place of the next try of the calendar, if it has one left."""
        # Not before the client can have it in hand.
        await workflow.wait_condition(lambda: not self.undocumented or self.status is not Status.INVOICED)
        if self.status is not Status.INVOICED:
            return
        if self.charges:
            await self._check_payment()
        if self.nothing_due:
            await self._drop_charge()
            return
        for delay in self._delays():
            if delay is not None and self.refused_at is not None:
                await self._await_payment_until(self.refused_at + delay, wording.RETRY_CHARGE)
            if self.status is not Status.INVOICED:
                return
            self.charges += 1
            suspensions = self.suspensions
            if await self._charge():
                await self._await_money()
            if self.status is not Status.INVOICED or self.suspensions != suspensions:
                # Ruled on meanwhile, it begins anew with what is owed now.
                return
            self.refused_at = self.refused_at or workflow.now()
        await self._leave_unpaid()

    def _delays(self) -> tuple[timedelta | None, ...]:
        """After the first refusal; None for now. Resumed after a refusal, the calendar goes on instead."""
        known, retries = self.request.resumed, self.deadlines.charge_retries
        if known is not None and self.goes_on and known.refused_last:
            return retries[self.charges - 1 :]
        return (None, *retries[self.charges :])

    async def await_debtor(self) -> None:
        """Only a payment from elsewhere or a dispute changes anything now. The back office chases it, and
        each day we look by ourselves in case the provider's notice was lost."""
        while self.status is Status.UNPAID:
            await self._await_payment_until(
                workflow.now() + self.deadlines.repeat_alert, wording.NOTICE[Notice.STILL_UNPAID]
            )
            if self.status is Status.UNPAID:
                await self._check_payment()
            if self.status is Status.UNPAID:
                self.tell(Notice.STILL_UNPAID, self._at())

    async def _charge(self) -> bool:
        """True when the card was accepted. Tries are numbered with those that somebody asked for."""
        invoice = self.issued()
        self.tries += 1
        attempt = self.tries
        suspensions = self.suspensions
        answer = await workflow.execute_activity_method(
            BillingActivities.charge_invoice,
            ChargeInvoice(self.act(f"charge:{invoice}:{attempt}"), invoice, attempt),
            summary=steps.charge(attempt),
            **PROVIDER,
        )
        if answer.withheld:
            # The dispute is committed; its act is about to tell us.
            await workflow.wait_condition(
                lambda: self.status is not Status.INVOICED or self.suspensions != suspensions
            )
            return False
        told = answer.refusal is not None and self.status is Status.INVOICED
        if told and self.charges <= len(self.deadlines.charge_retries):
            # After the last one the client is told that the invoice is unpaid, not that we shall try again.
            self.tell(Notice.PAYMENT_REFUSED, str(attempt))
        return answer.refusal is None

    async def _await_money(self) -> None:
        """The card was accepted: the provider's notice brings us to look, or else we look by ourselves, ever
        more rarely up to once a day, and then the back office is told. It may be refused after all."""
        pause = self.deadlines.payment_notice
        state = PaymentState.ON_ITS_WAY
        while self.status is Status.INVOICED and state is PaymentState.ON_ITS_WAY:
            state = await self._await_payment_until(workflow.now() + pause, wording.PAYMENT_NOTICE)
            if state is PaymentState.ON_ITS_WAY and self.status is Status.INVOICED:
                state = await self._check_payment()
            if state is PaymentState.ON_ITS_WAY and pause >= self.deadlines.repeat_alert:
                self.tell(Notice.PAYMENT_LATE, self._at())
            pause = min(2 * pause, self.deadlines.repeat_alert)

    async def _drop_charge(self) -> None:
        """Nothing is owed any more. Money that is on its way all the same is waited for, and sent back."""
        invoice = self.issued()
        while self.status is Status.INVOICED:
            dropped = await workflow.execute_activity_method(
                BillingActivities.drop_charge,
                CheckPayment(self.act(f"waived:{invoice}:{self.suspensions}"), invoice),
                summary=steps.CHARGE_GIVEN_UP,
                **PROVIDER,
            )
            if dropped.state is PaymentState.ON_ITS_WAY:
                await self._await_money()
            elif self.status is Status.INVOICED:
                self._close(dropped.state)

    async def _await_payment_until(self, until: datetime, label: str) -> PaymentState:
        """Wait for `until`, looking at the payment whenever the provider has news of it. Only money or a
        dispute ends the wait: a hint that finds none must not bring the next try forward. Answers what was
        seen last."""
        passed, status = False, self.status

        async def pass_on() -> None:
            nonlocal passed
            passed = True

        deadline = Deadline(until, label, pass_on)
        state = PaymentState.ON_ITS_WAY
        while self.status is status and not passed:
            await wait(
                lambda: self.payment_changed or passed or self.status is not status,
                [deadline],
            )
            if self.payment_changed and self.status is status:
                state = await self._check_payment()
        return state

    async def _check_payment(self) -> PaymentState:
        invoice = self.issued()
        self.payment_changed = False
        found = await workflow.execute_activity_method(
            BillingActivities.check_payment,
            CheckPayment(self.act(f"paid:{invoice}"), invoice),
            summary=steps.PAYMENT_READ,
            **PROVIDER,
        )
        if found.state in {PaymentState.PAID, PaymentState.WAIVED}:
            self._close(found.state)
        return found.state

    def _close(self, state: PaymentState) -> None:
        self.outcome = Outcome.PAID if state is PaymentState.PAID else Outcome.WAIVED
        self.enter(Status.CLOSED)

    def issued(self) -> str:
        if self.invoice is None:
            raise RuntimeError("a payment without an invoice")
        return self.invoice

    def _at(self) -> str:
        return workflow.now().isoformat(timespec="seconds")

    async def _leave_unpaid(self) -> None:
        async with self.deciding(Status.INVOICED) as still:
            if not still:
                return
            await workflow.execute_activity_method(
                TicketActivities.change_status,
                ChangeStatus(self.act(f"unpaid:{self.invoice}:{self.charges}"), Status.UNPAID),
                summary=steps.UNPAID,
                **DATABASE,
            )
            self.enter(Status.UNPAID)
            self.tell(Notice.UNPAID, "" if not self.suspensions else str(self.suspensions))
