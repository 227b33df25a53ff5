"""From the invoice to the money: the card is charged off-session, tried again when refused, and the ticket
closes once the provider says that it has collected."""

from datetime import datetime, timedelta

from temporalio import workflow

from activities.billing import BillingActivities
from activities.tickets import TicketActivities
from domain.messages import ChangeStatus, ChargeInvoice, CheckPayment
from domain.notices import Notice
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
                await self._await_payment_until(refused_at + delay)
            if self.status is not Status.INVOICED:
                return
            if await self._charge(attempt):
                await self._await_money()
                return
            refused_at = refused_at or workflow.now()
        await self._give_up()

    async def await_debtor(self) -> None:
        """Only a payment from elsewhere changes anything now; the back office chases it."""
        again = workflow.now() + self.deadlines.repeat_alert
        while self.status is Status.UNPAID:
            await wait(lambda: self.payment_changed, [self.alarm(Notice.UNPAID, again, daily=True)])
            await self._check_payment()

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
        if answer.refusal is not None:
            self.tell(Notice.PAYMENT_REFUSED, str(attempt))
        return answer.refusal is None

    async def _await_money(self) -> None:
        """The card was accepted: the provider's notice brings us to look, or else we look by ourselves."""
        while self.status is Status.INVOICED:
            await self._await_payment_until(workflow.now() + self.deadlines.payment_notice)
            if self.status is Status.INVOICED:
                await self._check_payment()

    async def _await_payment_until(self, until: datetime) -> None:
        """Wait for `until`, looking at the payment whenever the provider has news of it."""
        passed = False

        async def pass_on() -> None:
            nonlocal passed
            passed = True

        deadline = Deadline(until, wording.PAYMENT_NOTICE, pass_on)
        while self.status is Status.INVOICED and not passed:
            await wait(lambda: self.payment_changed or passed, [deadline])
            if self.payment_changed:
                await self._check_payment()

    async def _check_payment(self) -> None:
        if self.invoice is None:
            raise RuntimeError("a payment without an invoice")
        self.payment_changed = False
        state = await workflow.execute_activity_method(
            BillingActivities.check_payment,
            CheckPayment(self.act(f"paid:{self.invoice}"), self.invoice),
            summary="Lecture du paiement",
            **PROVIDER,
        )
        if state.paid:
            self.outcome = Outcome.PAID
            self.enter(Status.CLOSED)

    async def _give_up(self) -> None:
        await workflow.execute_activity_method(
            TicketActivities.change_status,
            ChangeStatus(self.act(f"unpaid:{self.invoice}"), Status.UNPAID),
            summary="Impayé",
            **DATABASE,
        )
        self.enter(Status.UNPAID)
        self.tell(Notice.UNPAID)
