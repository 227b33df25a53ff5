"""The client changes their mind before the session: another hour, no appointment at all, or no contract."""

from temporalio import workflow

from activities.failures import refusal
from activities.tickets import TicketActivities
from domain.errors import Refusal, Refused
from domain.messages import Answer, AskBecause, RescheduleAsked, WithdrawalConfirmed
from domain.notices import Notice
from domain.ticket_steps import Cause, EndedBy, SuspendWithoutDispute
from domain.tickets import Command, Outcome, Role, Status
from workflows import steps
from workflows.options import DATABASE
from workflows.ticket.assignment import Assignment


class Changes(Assignment):
    @workflow.update(description=steps.RESCHEDULE)
    async def reschedule(self, asked: RescheduleAsked) -> Answer:
        """The same technician if free, else another. With nobody free nothing changes."""
        async with self.accepting(Command.RESCHEDULE, asked.actor) as act:
            self._check_reschedule(asked)
            released = self.technician_id
            found = await self.seek(
                Cause.RESCHEDULE, act, start=asked.start, preferred=released, keep_if_nobody=True
            )
            if not found.changed:
                raise refusal(Refused(Refusal.SLOT_TAKEN))
            self.entered(found, released, Notice.RESCHEDULED)
        return self.answer()

    @reschedule.validator
    def check_reschedule(self, asked: RescheduleAsked) -> None:
        if not self.is_busy:
            self.check(Command.RESCHEDULE, asked.actor)
            self._check_reschedule(asked)

    def _check_reschedule(self, asked: RescheduleAsked) -> None:
        now = workflow.now()
        if asked.start <= now:
            raise refusal(Refused(Refusal.APPOINTMENT_PASSED))
        limited = asked.actor.role is Role.CLIENT and self.status is Status.SCHEDULED
        if limited and now > self.appointment_start - self.deadlines.reschedule_limit:
            raise refusal(Refused(Refusal.TOO_LATE_TO_RESCHEDULE))

    @workflow.update(description=steps.CANCEL)
    async def cancel(self, asked: AskBecause) -> Answer:
        async with self.accepting(Command.CANCEL, asked.actor) as act:
            await self.end_unheld(
                act, "cancel", Outcome.CANCELLED, Notice.CANCELLATION_CONFIRMED, asked.submission_id
            )
        return self.answer()

    @cancel.validator
    def check_cancel(self, asked: AskBecause) -> None:
        self.validate(Command.CANCEL, asked.actor)

    @workflow.update(description=steps.WITHDRAW)
    async def withdraw(self, confirmed: WithdrawalConfirmed) -> Answer:
        """Nothing is billed. The gain of a session that has begun is left to a ruling."""
        statement = confirmed.statement_version
        async with self.accepting(Command.WITHDRAW, confirmed.actor) as act:
            self._check_withdrawal()
            if self.status is Status.IN_SESSION:
                await workflow.execute_activity_method(
                    TicketActivities.suspend_without_dispute,
                    SuspendWithoutDispute(act, "withdraw", self.session, statement=statement),
                    summary=steps.WITHDRAWN,
                    **DATABASE,
                )
                self.withdrawn = True
                self.held.ended_at, self.held.ended_by = act.at, EndedBy.WITHDRAWAL
                self.suspended()
                self.tell(Notice.WITHDRAWN)
            else:
                await self.end_unheld(
                    act, "withdraw", Outcome.WITHDRAWN, Notice.WITHDRAWN, statement=statement
                )
        return self.answer()

    @withdraw.validator
    def check_withdraw(self, confirmed: WithdrawalConfirmed) -> None:
        if not self.is_busy:
            self.check(Command.WITHDRAW, confirmed.actor)
            self._check_withdrawal()

    def _check_withdrawal(self) -> None:
        """The right ends with the session that was paid for (code de la consommation, art. L221-28, 1°)."""
        if self.is_free:
            raise refusal(Refused(Refusal.WITHDRAWAL_OVER))
