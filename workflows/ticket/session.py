"""The session: from its start until somebody ends it, with the longest duration that the client accepts."""

from temporalio import workflow

from activities.failures import refusal
from activities.tickets import TicketActivities
from domain.duration import LONGEST_CEILING_MINUTES
from domain.errors import Refusal, Refused
from domain.messages import Answer, Ask, ExtendAsked
from domain.notices import Notice
from domain.ticket_steps import Act, EndedBy, EndSession, Extend
from domain.tickets import Command, Status
from workflows import steps, wording
from workflows.agenda import Deadline, wait
from workflows.options import DATABASE
from workflows.ticket.process import TicketProcess


class Session(TicketProcess):
    async def await_end(self) -> None:
        started, waits = self.held.started_at, self.deadlines
        self.agenda = [
            self._ceiling_alarm(),
            self.alarm(Notice.LONG_SESSION, started + waits.long_session),
            Deadline(started + waits.session_timeout, wording.TIMEOUT, self._time_out),
        ]
        await wait(lambda: self.status is not Status.IN_SESSION, self.agenda)

    @workflow.update(description=steps.END)
    async def end(self, ask: Ask) -> Answer:
        async with self.accepting(Command.END, ask.actor) as act:
            await self._end(act, EndedBy.TECHNICIAN)
        return self.answer()

    @end.validator
    def check_end(self, ask: Ask) -> None:
        self.validate(Command.END, ask.actor)

    @workflow.update(description=steps.STOP)
    async def stop(self, ask: Ask) -> Answer:
        async with self.accepting(Command.STOP, ask.actor) as act:
            await self._end(act, EndedBy.CLIENT)
        return self.answer()

    @stop.validator
    def check_stop(self, ask: Ask) -> None:
        self.validate(Command.STOP, ask.actor)

    @workflow.update(description=steps.EXTEND)
    async def extend(self, asked: ExtendAsked) -> Answer:
        """Refused when the technician is booked next."""
        async with self.accepting(Command.EXTEND, asked.actor) as act:
            self._check_extension(asked)
            until = self.held.started_at + asked.ceiling_minutes * self.deadlines.minute
            answer = await workflow.execute_activity_method(
                TicketActivities.extend,
                Extend(act, self.session, asked.ceiling_minutes, until),
                summary=steps.EXTENDED,
                **DATABASE,
            )
            if not answer.extended:
                raise refusal(Refused(Refusal.TECHNICIAN_BOOKED_NEXT))
            self.ceiling_minutes = asked.ceiling_minutes
            self.appointment_end = max(self.appointment_end, until)
            self.agenda.append(self._ceiling_alarm())
        return self.answer()

    @extend.validator
    def check_extend(self, asked: ExtendAsked) -> None:
        if not self.is_busy:
            self.check(Command.EXTEND, asked.actor)
            self._check_extension(asked)

    def _check_extension(self, asked: ExtendAsked) -> None:
        if not self.ceiling_minutes < asked.ceiling_minutes <= LONGEST_CEILING_MINUTES:
            raise refusal(Refused(Refusal.CEILING_NOT_RAISED, ceiling_minutes=self.ceiling_minutes))

    def _ceiling_alarm(self) -> Deadline:
        ceiling = self.ceiling_minutes
        reached = self.held.started_at + ceiling * self.deadlines.minute
        return self.alarm(Notice.CEILING_REACHED, reached, lambda: self.ceiling_minutes != ceiling)

    async def _time_out(self) -> None:
        async with self.deciding(Status.IN_SESSION) as still:
            if still:
                await self._end(self.act(f"timeout:{self.session}"), EndedBy.TIMEOUT)
                self.tell(Notice.SESSION_TIMED_OUT, str(self.session))

    async def _end(self, act: Act, ended_by: EndedBy) -> None:
        await workflow.execute_activity_method(
            TicketActivities.end_session,
            EndSession(act, self.session, ended_by),
            summary=steps.ENDED,
            **DATABASE,
        )
        self.held.ended_at, self.held.ended_by = act.at, ended_by
        self.enter(Status.TO_REPORT)
