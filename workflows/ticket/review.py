"""The client's review: satisfied, or silent for the whole window, and the intervention is accepted."""

from temporalio import workflow

from activities.billing import BillingActivities
from activities.tickets import TicketActivities
from domain.billing_steps import Accept, Resettle
from domain.messages import Answer, ReviewGiven
from domain.notices import Notice
from domain.ticket_steps import Act, Close, RecordReview, Rule
from domain.tickets import Command, Outcome, Status
from workflows import steps, wording
from workflows.agenda import Deadline, wait
from workflows.options import DATABASE
from workflows.ticket.papers import Papers


class Review(Papers):
    async def await_review(self) -> None:
        self.agenda = [
            self.alarm(Notice.REVIEW_DUE, self.since + self.deadlines.review_reminder),
            Deadline(self.since + self.deadlines.review, wording.SILENCE_ACCEPTS, self._accept_silence),
        ]
        await wait(lambda: self.status is not Status.IN_REVIEW, self.agenda)

    @workflow.update(description=steps.REVIEW)
    async def review(self, given: ReviewGiven) -> Answer:
        """A satisfied client accepts the report under review. Any other review is kept as an opinion."""
        async with self.accepting(Command.REVIEW, given.actor) as act:
            review = RecordReview(act, given.stars, given.submission_id)
            if given.satisfied and self.status is Status.IN_REVIEW:
                await self.accept(act, review=review)
            else:
                await workflow.execute_activity_method(
                    TicketActivities.record_review, review, summary=steps.REVIEWED, **DATABASE
                )
        return self.answer()

    @review.validator
    def check_review(self, given: ReviewGiven) -> None:
        self.validate(Command.REVIEW, given.actor)

    async def _accept_silence(self) -> None:
        async with self.deciding(Status.IN_REVIEW) as still:
            if still:
                await self.accept(self.act(f"silence:{self.session}:{self.suspensions}"))

    async def accept(
        self, act: Act, *, review: RecordReview | None = None, ruling: Rule | None = None
    ) -> None:
        """Bill what the intervention comes to and let its gains be born; with nothing to bill, close it.
        Whoever holds the lock calls this."""
        if self.invoice is not None:
            await self._resettle(act, review=review, ruling=ruling)
            return
        if self.bill is None:
            await self.waive(act, review=review, ruling=ruling)
            return
        accepted = await workflow.execute_activity_method(
            BillingActivities.accept,
            Accept(act, self.agreed_tariff(), self.bill, self.gains(), review, ruling),
            summary=steps.BILLED,
            **DATABASE,
        )
        self.gains_are_born()
        self.invoice = accepted.invoice
        self.issue(accepted.invoice)
        self.enter(Status.INVOICED)

    async def waive(
        self, act: Act, *, review: RecordReview | None = None, ruling: Rule | None = None
    ) -> None:
        self.bill = None
        if self.invoice is not None:
            await self._resettle(act, review=review, ruling=ruling)
            return
        outcome = Outcome.WITHDRAWN if self.withdrawn else Outcome.WAIVED
        await workflow.execute_activity_method(
            TicketActivities.close,
            Close(
                act,
                "ruling" if ruling else "accept",
                outcome,
                self.session,
                tariff=self.agreed_tariff(),
                gains=self.gains(),
                review=review,
                ruling=ruling,
            ),
            summary=wording.OUTCOME[outcome],
            **DATABASE,
        )
        self.outcome = outcome
        self.enter(Status.CLOSED)

    async def _resettle(
        self, act: Act, *, review: RecordReview | None = None, ruling: Rule | None = None
    ) -> None:
        """What is owed on an invoice that was issued before; the settlement goes on from there."""
        resettled = await workflow.execute_activity_method(
            BillingActivities.resettle,
            Resettle(
                act,
                "ruling" if ruling else "accept",
                self.agreed_tariff(),
                self.bill,
                self.gains(),
                review,
                ruling,
            ),
            summary=steps.CREDITED,
            **DATABASE,
        )
        self.nothing_due = resettled.due_cents == 0
        if resettled.credit_note is not None:
            self.issue(resettled.credit_note)
        self.gains_are_born()
        self.enter(Status.INVOICED)
