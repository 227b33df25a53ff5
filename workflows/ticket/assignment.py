"""Who has the ticket: from the request to a booked technician, from one to the next, and waiting for one."""

from datetime import datetime, timedelta

from temporalio import workflow

from activities.failures import refusal
from activities.tickets import TicketActivities
from domain.errors import Refusal, Refused
from domain.messages import Answer, Ask, AskBecause, ReassignAsked
from domain.notices import Notice
from domain.ticket_steps import Act, Book, Cause, Close, FindTechnician, Found, Rule, SuspendWithoutDispute
from domain.tickets import Command, Outcome, Status
from workflows import steps, wording
from workflows.agenda import Deadline, wait
from workflows.options import DATABASE
from workflows.ticket.process import SYSTEM, TicketProcess


class Assignment(TicketProcess):
    @workflow.update(description=steps.BOOKED)
    async def booked(self, _ask: Ask) -> Answer:
        """Answers once the slot is booked, or lost."""
        await workflow.wait_condition(lambda: self.status is not Status.REQUESTED)
        return self.answer()

    async def assign(self) -> None:
        async with self.deciding(Status.REQUESTED):
            booked = await workflow.execute_activity_method(
                TicketActivities.book,
                Book(self.act("book", self.request.opened_by or SYSTEM), self.request),
                summary=steps.BOOKING,
                **DATABASE,
            )
            self.technician_id, self.tariff = booked.technician_id, booked.tariff
            self.appointment_start, self.appointment_end = booked.start, booked.end
            if booked.technician_id is None:
                self._enter_to_assign()
            else:
                self.flexible = False
                self.enter(Status.SCHEDULED)
                self.tell(Notice.BOOKED)

    async def await_technician(self) -> None:
        """The back office is told every working morning; the client is offered other times once theirs has
        passed. Whenever somebody's time becomes free, it is tried for this ticket."""
        now = workflow.now()
        self.agenda = [
            self._morning_alarm(now),
            Deadline(self.since + self.deadlines.to_assign, wording.CANCEL, self._cancel_unplaced),
        ]
        if not self.flexible:
            self.agenda.append(self.alarm(Notice.SLOTS_OFFERED, max(now, self.appointment_start)))
        while self.status is Status.TO_ASSIGN:
            await wait(lambda: self.status is not Status.TO_ASSIGN or self.capacity, self.agenda)
            if self.capacity:
                await self._try_again()

    @workflow.signal(description=steps.CAPACITY)
    def capacity_returned(self) -> None:
        """No more than a hint to try: somebody else may have taken it already."""
        self.capacity = True

    @workflow.signal(description=steps.UNAVAILABLE)
    async def technician_unavailable(self) -> None:
        async with self.deciding(Status.SCHEDULED) as still:
            if still and not await self._technician_can_keep():
                await self.pass_on(Cause.UNAVAILABLE, self.act(f"unavailable:{self.sequence}"))

    @workflow.update(description=steps.DECLINE)
    async def decline(self, asked: AskBecause) -> Answer:
        async with self.accepting(Command.DECLINE, asked.actor) as act:
            await self.pass_on(Cause.DECLINE, act, submission_id=asked.submission_id)
        return self.answer()

    @decline.validator
    def check_decline(self, asked: AskBecause) -> None:
        self.validate(Command.DECLINE, asked.actor)

    @workflow.update(description=steps.REASSIGN)
    async def reassign(self, asked: ReassignAsked) -> Answer:
        """To the one named, or to the fairest other; refused when they are not free."""
        async with self.accepting(Command.REASSIGN, asked.actor) as act:
            if not self.flexible and self.appointment_end <= workflow.now():
                raise refusal(Refused(Refusal.APPOINTMENT_PASSED))
            waited, released = self.status is Status.TO_ASSIGN, self.technician_id
            found = await self.seek(
                Cause.REASSIGN,
                act,
                preferred=asked.technician_id,
                only_preferred=asked.technician_id is not None,
                keep_if_nobody=True,
                submission_id=asked.submission_id,
            )
            if not found.changed:
                raise refusal(Refused(Refusal.TECHNICIAN_NOT_FREE))
            self.entered(found, released, Notice.BOOKED if waited else Notice.TECHNICIAN_CHANGED)
        return self.answer()

    @reassign.validator
    def check_reassign(self, asked: ReassignAsked) -> None:
        self.validate(Command.REASSIGN, asked.actor)

    async def pass_on(
        self,
        cause: Cause,
        act: Act,
        *,
        start: datetime | None = None,
        submission_id: str | None = None,
    ) -> None:
        """To the next technician who can, at the same hour or from `start` on; else the ticket is to assign.
        Whoever holds the lock calls this."""
        released = self.technician_id
        found = await self.seek(cause, act, start=start, submission_id=submission_id)
        told = None if cause is Cause.DECLINE else released
        self.entered(found, told, Notice.TECHNICIAN_CHANGED)

    async def seek(
        self,
        cause: Cause,
        act: Act,
        *,
        start: datetime | None = None,
        preferred: str | None = None,
        only_preferred: bool = False,
        keep_if_nobody: bool = False,
        submission_id: str | None = None,
        ruling: Rule | None = None,
    ) -> Found:
        """Have somebody booked in place of whoever has the ticket now; what was found is taken."""
        begin = self.appointment_start if start is None else start
        found = await workflow.execute_activity_method(
            TicketActivities.find_technician,
            FindTechnician(
                act,
                cause,
                self.session if ruling is None else self.session + 1,
                begin,
                begin + self.longest(),
                self.request.hours,
                self.request.slot_rules,
                flexible=self.flexible and start is None,
                preferred=preferred,
                only_preferred=only_preferred,
                keep_if_nobody=keep_if_nobody,
                submission_id=submission_id,
                ruling=ruling,
            ),
            summary=wording.CAUSE[cause],
            **DATABASE,
        )
        if found.changed:
            self.take(found)
        return found

    def longest(self) -> timedelta:
        """How long a technician is booked for: the duration that the client accepted."""
        return self.ceiling_minutes * self.deadlines.minute

    def entered(self, found: Found, released: str | None, notice: Notice) -> None:
        if found.technician_id is None:
            self._enter_to_assign()
        else:
            self.enter(Status.SCHEDULED)
            self.tell_of_appointment(notice)
        if released is not None and released != found.technician_id:
            self.tell(Notice.RELEASED, str(found.sequence), released)

    def _enter_to_assign(self) -> None:
        self.enter(Status.TO_ASSIGN)
        self.tell_of_appointment(Notice.TO_ASSIGN)

    def _morning_alarm(self, now: datetime) -> Deadline:
        alarm = self.alarm(Notice.TO_ASSIGN, self.request.hours.next_opening(now))
        alarm.again = self.request.hours.next_opening
        return alarm

    async def _technician_can_keep(self) -> bool:
        return await workflow.execute_activity_method(
            TicketActivities.technician_can_keep,
            self.request.number,
            summary=steps.AVAILABILITY,
            **DATABASE,
        )

    async def _try_again(self) -> None:
        async with self.deciding(Status.TO_ASSIGN) as still:
            self.capacity = False
            if not still or (not self.flexible and self.appointment_start <= workflow.now()):
                return
            found = await self.seek(
                Cause.CAPACITY, self.act(f"capacity:{self.sequence}"), keep_if_nobody=True
            )
            if found.changed:
                self.entered(found, None, Notice.BOOKED)

    async def _cancel_unplaced(self) -> None:
        async with self.deciding(Status.TO_ASSIGN) as still:
            if still:
                await self.end_unheld(
                    self.act(f"cancel:{self.session}"), "cancel", Outcome.CANCELLED, Notice.CANCELLED
                )

    async def end_unheld(
        self,
        act: Act,
        name: str,
        outcome: Outcome,
        notice: Notice,
        submission_id: str | None = None,
        statement: str | None = None,
    ) -> None:
        """End a ticket whose session did not take place. If that was a free one after a ruling, the ticket is
        suspended again instead: the first one is still to be settled."""
        released = self.technician_id
        if self.is_free:
            await workflow.execute_activity_method(
                TicketActivities.suspend_without_dispute,
                SuspendWithoutDispute(act, name, self.session, submission_id, statement),
                summary=steps.GIVEN_BACK,
                **DATABASE,
            )
            self.suspended()
        else:
            await workflow.execute_activity_method(
                TicketActivities.close,
                Close(act, name, outcome, self.session, submission_id, statement),
                summary=wording.OUTCOME[outcome],
                **DATABASE,
            )
            self.outcome = outcome
            self.enter(Status.CLOSED)
            self.tell(notice)
        if released is not None and outcome is not Outcome.CLIENT_ABSENT:
            self.tell(Notice.RELEASED, str(self.sequence), released)
