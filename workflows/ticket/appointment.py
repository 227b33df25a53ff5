"""Waiting for the appointment: the technician confirms and calls, the client consents, the session starts."""

from temporalio import workflow

from activities.failures import refusal
from activities.tickets import TicketActivities
from domain.errors import Refusal, Refused
from domain.messages import Actor, Answer, Ask, ConsentGiven, StartAsked
from domain.notices import Notice
from domain.ticket_steps import RecordConsent, StartSession
from domain.tickets import WRONG_CODES_BEFORE_ALERT, Command, Status
from workflows.agenda import Deadline, wait
from workflows.options import DATABASE
from workflows.ticket.process import TicketProcess


class Appointment(TicketProcess):
    async def await_session(self) -> None:
        await wait(lambda: self.status is not Status.SCHEDULED, self._deadlines())

    def _deadlines(self) -> list[Deadline]:
        start, waits, now = self.request.start, self.deadlines, workflow.now()
        reminders = [start - before for before in waits.reminders]
        return [
            self.alarm(
                Notice.RELEASED,
                min(self.working(waits.acknowledgement), start),
                lambda: self.acknowledged,
            ),
            *(self.alarm(Notice.REMINDER, at) for at in reminders if at > now),
            self.alarm(Notice.NO_CALL, start + waits.no_call, lambda: self.called),
            self.alarm(Notice.NOT_STARTED, start + waits.not_started, daily=True),
        ]

    @workflow.update(description="Le technicien confirme le rendez-vous")
    async def acknowledge(self, ask: Ask) -> Answer:
        async with self.accepting(Command.ACKNOWLEDGE, ask.actor) as act:
            await workflow.execute_activity_method(
                TicketActivities.acknowledge, act, summary="Rendez-vous confirmé", **DATABASE
            )
            self.acknowledged = True
        return self.answer()

    @acknowledge.validator
    def check_acknowledge(self, ask: Ask) -> None:
        self.validate(Command.ACKNOWLEDGE, ask.actor)

    @workflow.update(description="Le client consent à la prise en main")
    async def consent(self, given: ConsentGiven) -> Answer:
        async with self.accepting(Command.CONSENT, given.actor) as act:
            await workflow.execute_activity_method(
                TicketActivities.record_consent,
                RecordConsent(act, self.session, given.text_version, given.submission_id),
                summary="Consentement du client",
                **DATABASE,
            )
            self.consented = True
        return self.answer()

    @consent.validator
    def check_consent(self, given: ConsentGiven) -> None:
        self.validate(Command.CONSENT, given.actor)

    @workflow.update(description="Le technicien appelle le client")
    async def call(self, ask: Ask) -> Answer:
        async with self.accepting(Command.CALL, ask.actor) as act:
            self._check_window()
            await workflow.execute_activity_method(
                TicketActivities.record_call, act, summary="Appel du client", **DATABASE
            )
            self.called = True
        return self.answer()

    @call.validator
    def check_call(self, ask: Ask) -> None:
        self.validate(Command.CALL, ask.actor)
        self._check_window()

    @workflow.update(description="Le technicien commence la séance")
    async def start(self, asked: StartAsked) -> Answer:
        """A wrong code is accepted, counted and answered as such; the third alerts the back office."""
        async with self.accepting(Command.START, asked.actor) as act:
            self._check_start(asked.actor)
            checked = await workflow.execute_activity_method(
                TicketActivities.start_session,
                StartSession(act, self.session, asked.code),
                summary="Début de séance",
                **DATABASE,
            )
            if checked.started:
                self.started_at = act.at
                self.enter(Status.IN_SESSION)
            elif checked.wrong_codes == WRONG_CODES_BEFORE_ALERT:
                self.tell(Notice.WRONG_CODES)
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
        if workflow.now() < self.request.start - self.deadlines.contact_window:
            raise refusal(Refused(Refusal.TOO_EARLY))
