"""From the invoice to the money: the card is charged off-session, tried again when refused, and the ticket
closes once the provider says that it has collected."""

from datetime import datetime, timedelta

from temporalio import workflow

from activities.billing import BillingActivities
from activities.tickets import TicketActivities
from domain.notices import Notice
from domain.ticket_steps import ChangeStatus, ChargeInvoice, CheckPayment, PaymentState
from domain.tickets import Outcome, Status
from workflows import wording
from workflows.agenda import Deadline, wait
from workflows.options import DATABASE, PROVIDER
from workflows.ticket.process import TicketProcess


class Settlement(TicketProcess):
    @workflow.signal(description="Le prestataire de paiement annonce un changement")
    def payment_news(self) -> None:
        """No more than a hint to look: what counts is what the provider answers when asked."""
        self.payment_changed = True

    async def settle(self) -> None:
        """Charge now, then after each delay of the retry calendar counted from the first refusal."""
        refused_at: datetime | None = None
        for attempt, delay in enumerate((timedelta(0), *self.deadlines.charge_retries), start=1):
            if refused_at is not None:
                await self._await_payment_until(refused_at + delay, wording.RETRY_CHARGE)
            if self.status is not Status.INVOICED:
                return
            if await self._charge(attempt) and await self._await_money():
                return
            refused_at = refused_at or workflow.now()
        await self._stop_charging()

    async def await_debtor(self) -> None:
        """Only a payment from elsewhere changes anything now. The back office chases it, and each day we
        look by ourselves in case the provider's notice was lost."""
        while self.status is Status.UNPAID:
            await self._await_payment_until(
                workflow.now() + self.deadlines.repeat_alert, wording.NOTICE[Notice.STILL_UNPAID]
            )
            if self.status is Status.UNPAID:
                await self._check_payment()
            if self.status is Status.UNPAID:
                self.tell(Notice.STILL_UNPAID, self._today())

    async def _charge(self, attempt: int) -> bool:
        """True when the card was accepted."""
        if self.invoice is None:
            raise RuntimeError("a charge without an invoice")
        answer = await workflow.execute_activity_method(
            BillingActivities.charge_invoice,
            ChargeInvoice(self.act(f"charge:{self.invoice}:{attempt}"), self.invoice, attempt),
            summary=f"Débit de la carte, essai {attempt}",
            **PROVIDER,
        )
        if answer.refusal is not None and attempt <= len(self.deadlines.charge_retries):
            # After the last one the client is told that the invoice is unpaid, not that we shall try again.
            self.tell(Notice.PAYMENT_REFUSED, str(attempt))
        return answer.refusal is None

    async def _await_money(self) -> bool:
        """The card was accepted: the provider's notice brings us to look, or else we look by ourselves, ever
        more rarely up to once a day, and then the back office is told. False if it was refused after all."""
        pause = self.deadlines.payment_notice
        while True:
            state = await self._await_payment_until(workflow.now() + pause, wording.PAYMENT_NOTICE)
            if state is PaymentState.ON_ITS_WAY:
                state = await self._check_payment()
            if state is not PaymentState.ON_ITS_WAY:
                return state is PaymentState.PAID
            if pause >= self.deadlines.repeat_alert:
                self.tell(Notice.PAYMENT_LATE, self._today())
            pause = min(2 * pause, self.deadlines.repeat_alert)

    async def _await_payment_until(self, until: datetime, label: str) -> PaymentState:
        """Wait for `until`, looking at the payment whenever the provider has news of it. Only money ends the
        wait: a hint that finds none must not bring the next try forward. Answers what was seen last."""
        passed = False

        async def pass_on() -> None:
            nonlocal passed
            passed = True

        deadline = Deadline(until, label, pass_on)
        state = PaymentState.ON_ITS_WAY
        while state is not PaymentState.PAID and not passed:
            await wait(lambda: self.payment_changed or passed, [deadline])
            if self.payment_changed:
                state = await self._check_payment()
        return state

    async def _check_payment(self) -> PaymentState:
        if self.invoice is None:
            raise RuntimeError("a payment without an invoice")
        self.payment_changed = False
        found = await workflow.execute_activity_method(
            BillingActivities.check_payment,
            CheckPayment(self.act(f"paid:{self.invoice}"), self.invoice),
            summary="Lecture du paiement",
            **PROVIDER,
        )
        if found.state is PaymentState.PAID:
            self.outcome = Outcome.PAID
            self.enter(Status.CLOSED)
        return found.state

    def _today(self) -> str:
        return workflow.now().isoformat(timespec="seconds")

    async def _stop_charging(self) -> None:
        await workflow.execute_activity_method(
            TicketActivities.change_status,
            ChangeStatus(self.act(f"unpaid:{self.invoice}"), Status.UNPAID),
            summary="Impayé",
            **DATABASE,
        )
        self.enter(Status.UNPAID)
        self.tell(Notice.UNPAID)
