"""The client's review: satisfied, or silent for the whole window, and the intervention is accepted."""

from temporalio import workflow

from activities.billing import BillingActivities
from domain.messages import Answer, ReviewGiven
from domain.notices import Notice
from domain.ticket_steps import Accept, Act
from domain.tickets import Command, Status
from workflows import wording
from workflows.agenda import Deadline, wait
from workflows.options import DATABASE
from workflows.ticket.process import TicketProcess


class Review(TicketProcess):
    async def await_review(self) -> None:
        now = workflow.now()
        await wait(
            lambda: self.status is not Status.IN_REVIEW,
            [
                self.alarm(Notice.REVIEW_DUE, now + self.deadlines.review_reminder),
                Deadline(now + self.deadlines.review, wording.SILENCE_ACCEPTS, self._accept_silence),
            ],
        )

    @workflow.update(description="Le client est satisfait")
    async def review(self, given: ReviewGiven) -> Answer:
        async with self.accepting(Command.REVIEW, given.actor) as act:
            await self._accept(act, given)
        return self.answer()

    @review.validator
    def check_review(self, given: ReviewGiven) -> None:
        self.validate(Command.REVIEW, given.actor)

    async def _accept_silence(self) -> None:
        async with self.deciding(Status.IN_REVIEW) as still:
            if still:
                await self._accept(self.act(f"silence:{self.session}"))

    async def _accept(self, act: Act, given: ReviewGiven | None = None) -> None:
        if self.tariff is None:
            raise RuntimeError("a review before the booking")
        accepted = await workflow.execute_activity_method(
            BillingActivities.accept,
            Accept(
                act,
                self.session,
                self.tariff,
                self.billed_slices,
                self.billed_minutes,
                stars=given.stars if given else None,
                review_submission_id=given.submission_id if given else None,
            ),
            summary="Facture et gain",
            **DATABASE,
        )
        self.invoice = accepted.invoice
        self.enter(Status.INVOICED)
        self.tell(Notice.INVOICE_ISSUED)
