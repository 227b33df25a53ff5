"""The technician calls the back office for help, in any open state. Nothing of the ticket changes."""

from temporalio import workflow

from activities.tickets import TicketActivities
from domain.messages import Answer, AskBecause
from domain.notices import Notice
from domain.ticket_steps import RecordReason
from domain.tickets import Command
from workflows import steps
from workflows.options import DATABASE
from workflows.ticket.process import TicketProcess


class Incident(TicketProcess):
    @workflow.update(description=steps.INCIDENT)
    async def incident(self, asked: AskBecause) -> Answer:
        async with self.accepting(Command.INCIDENT, asked.actor) as act:
            await workflow.execute_activity_method(
                TicketActivities.record_reason,
                RecordReason(act, "incident", asked.submission_id),
                summary=steps.INCIDENT_TOLD,
                **DATABASE,
            )
            self.tell(Notice.INCIDENT, act.key)
        return self.answer()

    @incident.validator
    def check_incident(self, asked: AskBecause) -> None:
        self.validate(Command.INCIDENT, asked.actor)
