"""The session: from its start until the technician ends it."""

from temporalio import workflow

from activities.tickets import TicketActivities
from domain.messages import Answer, Ask
from domain.notices import Notice
from domain.ticket_steps import EndSession
from domain.tickets import Command, Status
from workflows.agenda import wait
from workflows.options import DATABASE
from workflows.ticket.process import TicketProcess


class Session(TicketProcess):
    async def await_end(self) -> None:
        long = workflow.now() + self.deadlines.long_session
        await wait(
            lambda: self.status is not Status.IN_SESSION,
            [self.alarm(Notice.LONG_SESSION, long, daily=True)],
        )

    @workflow.update(description="Le technicien met fin à la séance")
    async def end(self, ask: Ask) -> Answer:
        async with self.accepting(Command.END, ask.actor) as act:
            await workflow.execute_activity_method(
                TicketActivities.end_session,
                EndSession(act, self.session),
                summary="Fin de séance",
                **DATABASE,
            )
            self.ended_at = act.at
            self.enter(Status.TO_REPORT)
        return self.answer()

    @end.validator
    def check_end(self, ask: Ask) -> None:
        self.validate(Command.END, ask.actor)
