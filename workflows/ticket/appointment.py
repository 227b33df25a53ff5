"""Waiting for the appointment: the technician confirms and calls, the client consents, the session starts."""

from temporalio import workflow

from activities.failures import refusal
from activities.tickets import TicketActivities
from domain.appointments import acknowledge_by, proves_absence
from domain.errors import Refusal, Refused
from domain.messages import Actor, Answer, Ask, ConsentGiven, StartAsked
from domain.notices import Notice
from domain.ticket_steps import Cause, RecordConsent, StartSession
from domain.tickets import WRONG_CODES_BEFORE_ALERT, Command, Outcome, Status
from workflows import steps, wording
from workflows.agenda import Deadline, wait
from workflows.options import DATABASE
from workflows.ticket.assignment import Assignment
from workflows.ticket.state import HeldSession


class Appointment(Assignment):
    async def await_session(self) -> None:
        """Until the session starts, or the appointment is another one: then all begins anew for that."""
        sequence = self.sequence
        self.agenda = self._deadlines()
        await wait(lambda: self.status is not Status.SCHEDULED or self.sequence != sequence, self.agenda)

    def _deadlines(self) -> list[Deadline]:
        start, waits, now = self.appointment_start, self.deadlines, workflow.now()
        confirm_by = acknowledge_by(waits, self.request.hours, self.since, start)
        reminders = [start - before for before in waits.reminders]
        # Somebody who was given a ticket late must have the same time to call.
        expected = max(start, self.since)
        return [
            *(
                [Deadline(confirm_by, wording.NEXT_TECHNICIAN, self._silence, lambda: self._heard_of)]
                if confirm_by
                else ()
            ),
            *(self.alarm(Notice.REMINDER, at, about_appointment=True) for at in reminders if at > now),
            Deadline(
                expected + waits.no_call,
                wording.NOTICE[Notice.NO_CALL],
                self._no_call,
                lambda: bool(self.calls),
            ),
            self.alarm(Notice.NOT_STARTED, expected + waits.not_started, daily=True),
        ]

    async def _silence(self) -> None:
        """The technician did not confirm in time: the next one is asked."""
        sequence = self.sequence
        async with self.deciding(Status.SCHEDULED) as still:
            if still and self.sequence == sequence and not self._heard_of:
                await self.pass_on(Cause.SILENCE, self.act(f"silent:{sequence}"))

    async def _no_call(self) -> None:
        """The technician did not call: whoever is free is booked from now on, or else the client is offered
        other times. The back office is told in any case."""
        sequence = self.sequence
        async with self.deciding(Status.SCHEDULED) as still:
            if still and self.sequence == sequence and not self.calls:
                # Named, because the ticket is somebody else's a moment later.
                self.tell_of_appointment(Notice.NO_CALL, self.technician_id)
                await self.pass_on(Cause.NO_CALL, self.act(f"no_call:{sequence}"), start=workflow.now())

    @property
    def _heard_of(self) -> bool:
        return self.acknowledged or bool(self.calls)

    @workflow.update(description=steps.ACKNOWLEDGE)
    async def acknowledge(self, ask: Ask) -> Answer:
        async with self.accepting(Command.ACKNOWLEDGE, ask.actor) as act:
            await workflow.execute_activity_method(
                TicketActivities.acknowledge, act, summary=steps.ACKNOWLEDGED, **DATABASE
            )
            self.acknowledged = True
        return self.answer()

    @acknowledge.validator
    def check_acknowledge(self, ask: Ask) -> None:
        self.validate(Command.ACKNOWLEDGE, ask.actor)

    @workflow.update(description=steps.CONSENT)
    async def consent(self, given: ConsentGiven) -> Answer:
        async with self.accepting(Command.CONSENT, given.actor) as act:
            await workflow.execute_activity_method(
                TicketActivities.record_consent,
                RecordConsent(act, self.session, self.sequence, given.text_version, given.submission_id),
                summary=steps.CONSENTED,
                **DATABASE,
            )
            self.consented = True
        return self.answer()

    @consent.validator
    def check_consent(self, given: ConsentGiven) -> None:
        self.validate(Command.CONSENT, given.actor)

    @workflow.update(description=steps.CALL)
    async def call(self, ask: Ask) -> Answer:
        async with self.accepting(Command.CALL, ask.actor) as act:
            self._check_window()
            await workflow.execute_activity_method(
                TicketActivities.record_call, act, summary=steps.CALLED, **DATABASE
            )
            self.calls.append(act.at)
        return self.answer()

    @call.validator
    def check_call(self, ask: Ask) -> None:
        if not self.is_busy:
            self.check(Command.CALL, ask.actor)
            self._check_window()

    @workflow.update(description=steps.ABSENT)
    async def absent(self, ask: Ask) -> Answer:
        """After three calls over a quarter of an hour. Nothing is billed."""
        async with self.accepting(Command.ABSENT, ask.actor) as act:
            self._check_absence()
            await self.end_unheld(act, "absent", Outcome.CLIENT_ABSENT, Notice.CLIENT_ABSENT)
        return self.answer()

    @absent.validator
    def check_absent(self, ask: Ask) -> None:
        if not self.is_busy:
            self.check(Command.ABSENT, ask.actor)
            self._check_absence()

    @workflow.update(description=steps.START)
    async def start(self, asked: StartAsked) -> Answer:
        """A wrong code is accepted, counted and answered as such; the third alerts the back office."""
        async with self.accepting(Command.START, asked.actor) as act:
            self._check_start(asked.actor)
            checked = await workflow.execute_activity_method(
                TicketActivities.start_session,
                StartSession(act, self.session, asked.code),
                summary=steps.STARTED,
                **DATABASE,
            )
            if checked.started:
                self.sessions.append(HeldSession(self.session, asked.actor.id, act.at))
                self.enter(Status.IN_SESSION)
            elif checked.wrong_codes == WRONG_CODES_BEFORE_ALERT:
                self.tell_of_appointment(Notice.WRONG_CODES)
        return self.answer(accepted=checked.started)

    @start.validator
    def check_start(self, asked: StartAsked) -> None:
        if not self.is_busy:
            self._check_start(asked.actor)

    def _check_start(self, actor: Actor) -> None:
        self.check(Command.START, actor)
        self._check_window()
        if not self.consented:
            raise refusal(Refused(Refusal.CONSENT_MISSING))

    def _check_window(self) -> None:
        if workflow.now() < self.appointment_start - self.deadlines.contact_window:
            raise refusal(Refused(Refusal.TOO_EARLY))

    def _check_absence(self) -> None:
        if not proves_absence(self.calls, self.appointment_start, self.deadlines.absence):
            raise refusal(Refused(Refusal.CALLS_MISSING))
