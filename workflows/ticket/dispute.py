"""A suspended ticket: a dissatisfied client, or something left to rule. Nothing is billed meanwhile."""

from dataclasses import replace
from datetime import datetime

from temporalio import workflow

from activities.failures import refusal, refusals
from activities.tickets import TicketActivities
from domain.errors import Refusal, Refused
from domain.messages import Answer, Ask, DisputeRaised, RulingGiven
from domain.notices import Notice
from domain.rulings import (
    LARGEST_NUMBER_OF_REWORKS,
    Bill,
    Earnable,
    GainRuling,
    RulingKind,
    check_gain_rulings,
    ruled_bill,
)
from domain.ticket_steps import Act, Cause, EndedBy, Resume, Rule, Suspend
from domain.tickets import Command, Status
from workflows import steps
from workflows.agenda import Deadline, wait
from workflows.options import DATABASE
from workflows.search_attributes import DISPUTED
from workflows.ticket.assignment import Assignment
from workflows.ticket.review import Review
from workflows.ticket.state import HeldSession


class Dispute(Review, Assignment):
    async def await_ruling(self) -> None:
        """The back office is told after some working hours, or a day after somebody took the ticket over."""
        first = self.request.hours.add_working_time(self.since, self.deadlines.suspension)
        self.agenda = [
            self.alarm(Notice.STILL_SUSPENDED, first, lambda: self.taken_over_at is not None, daily=True)
        ]
        if self.taken_over_at is not None:
            self.agenda.append(self._taken_over_alarm(self.taken_over_at))
        await wait(lambda: self.status is not Status.SUSPENDED, self.agenda)

    @workflow.update(description=steps.DISPUTE)
    async def dispute(self, raised: DisputeRaised) -> Answer:
        async with self.accepting(Command.DISPUTE, raised.actor) as act:
            await workflow.execute_activity_method(
                TicketActivities.suspend,
                Suspend(act, raised.submission_id, self.session),
                summary=steps.DISPUTED,
                **DATABASE,
            )
            if self.status is Status.IN_SESSION:
                self.held.ended_at, self.held.ended_by = act.at, EndedBy.DISPUTE
            if not self.disputed:
                self.disputed = True
                workflow.upsert_search_attributes([DISPUTED.value_set(True)])
            if self.status is not Status.SUSPENDED:
                self.suspended()
        return self.answer()

    @dispute.validator
    def check_dispute(self, raised: DisputeRaised) -> None:
        self.validate(Command.DISPUTE, raised.actor)

    @workflow.update(description=steps.TAKE_OVER)
    async def take_over(self, ask: Ask) -> Answer:
        async with self.accepting(Command.TAKE_OVER, ask.actor) as act:
            await workflow.execute_activity_method(
                TicketActivities.take_over, act, summary=steps.TAKEN_OVER, **DATABASE
            )
            self.taken_over_at = act.at
            self.agenda.append(self._taken_over_alarm(act.at))
        return self.answer()

    def _taken_over_alarm(self, at: datetime) -> Deadline:
        first = at + self.deadlines.repeat_alert
        return self.alarm(Notice.STILL_SUSPENDED, first, lambda: self.taken_over_at != at, daily=True)

    @take_over.validator
    def check_take_over(self, ask: Ask) -> None:
        self.validate(Command.TAKE_OVER, ask.actor)

    @workflow.update(description=steps.RULING)
    async def ruling(self, given: RulingGiven) -> Answer:
        """What the client owes, and what each session earns its technician."""
        async with self.accepting(Command.RULING, given.actor) as act:
            bill = self._checked(given)
            rule = Rule(act, given.kind, given.submission_id, given.minutes, given.gains)
            match given.kind:
                case RulingKind.WAIVE:
                    self._ruled(rule)
                    await self.waive(act, ruling=rule)
                case RulingKind.REWORK:
                    await self._rework(act, given, rule)
                case _:
                    self.bill = bill
                    self._ruled(rule)
                    await self._bill_ruled(act, rule)
            self.tell(Notice.RULED, str(self.suspensions))
        return self.answer()

    @ruling.validator
    def check_ruling(self, given: RulingGiven) -> None:
        if not self.is_busy:
            self.check(Command.RULING, given.actor)
            self._checked(given)

    def _checked(self, given: RulingGiven) -> Bill | None:
        """What would be billed. Raises the refusal of a ruling that does not fit the ticket."""
        with refusals():
            if self.withdrawn and given.kind is not RulingKind.WAIVE:
                raise Refused(Refusal.NOTHING_BILLABLE)
            if given.kind is RulingKind.REWORK:
                if self.session > LARGEST_NUMBER_OF_REWORKS:
                    raise Refused(Refusal.REWORKS_EXHAUSTED)
                if given.start is None or given.start <= workflow.now():
                    raise Refused(Refusal.APPOINTMENT_PASSED)
            check_gain_rulings(
                given.gains,
                {
                    one.number: Earnable(one.slices, self._most_minutes(one))
                    for one in self.sessions
                    if one.ruling is None
                },
            )
            return ruled_bill(
                given.kind,
                given.minutes,
                reported=self.bill,
                most_minutes=self._most_minutes(self.sessions[0]),
                tariff=self.agreed_tariff(),
                ceiling=self.ceiling_minutes,
            )

    def _most_minutes(self, one: HeldSession) -> int:
        return self.ceiling_minutes if one.most_minutes is None else one.most_minutes

    def _ruled(self, rule: Rule) -> None:
        rulings: dict[int, GainRuling] = {ruling.session: ruling for ruling in rule.gains}
        self.sessions = [replace(one, ruling=rulings.get(one.number, one.ruling)) for one in self.sessions]

    async def _bill_ruled(self, act: Act, rule: Rule) -> None:
        """To the invoice when the client has had their say, else to their review."""
        if self.disputed:
            await self.accept(act, ruling=rule)
            return
        await workflow.execute_activity_method(
            TicketActivities.resume, Resume(act, rule), summary=steps.DURATION_RULED, **DATABASE
        )
        self.enter(Status.IN_REVIEW)

    async def _rework(self, act: Act, given: RulingGiven, rule: Rule) -> None:
        """A free session, once somebody is found for it; with nobody free nothing is ruled."""
        found = await self.seek(
            Cause.REWORK,
            act,
            start=given.start,
            preferred=given.technician_id,
            only_preferred=given.technician_id is not None,
            keep_if_nobody=True,
            ruling=rule,
        )
        if not found.changed:
            raise refusal(Refused(Refusal.TECHNICIAN_NOT_FREE))
        self._ruled(rule)
        self.session += 1
        self.entered(found, None, Notice.BOOKED)
