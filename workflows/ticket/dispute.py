"""A dissatisfied client: the ticket is suspended at once, and nothing is billed."""

from temporalio import workflow

from activities.tickets import TicketActivities
from domain.messages import Answer, DisputeRaised
from domain.notices import Notice
from domain.ticket_steps import Suspend
from domain.tickets import Command, Status
from workflows.agenda import wait
from workflows.options import DATABASE
from workflows.search_attributes import DISPUTED
from workflows.ticket.process import TicketProcess


class Dispute(TicketProcess):
    async def await_ruling(self) -> None:
        first = self.working(self.deadlines.suspension)
        await wait(
            lambda: self.status is not Status.SUSPENDED,
            [self.alarm(Notice.STILL_SUSPENDED, first, daily=True)],
        )

    @workflow.update(description="Le client n’est pas satisfait")
    async def dispute(self, raised: DisputeRaised) -> Answer:
        async with self.accepting(Command.DISPUTE, raised.actor) as act:
            await workflow.execute_activity_method(
                TicketActivities.suspend,
                Suspend(act, raised.submission_id),
                summary="Suspension",
                **DATABASE,
            )
            workflow.upsert_search_attributes([DISPUTED.value_set(True)])
            self.enter(Status.SUSPENDED)
            self.tell(Notice.SUSPENDED)
        return self.answer()

    @dispute.validator
    def check_dispute(self, raised: DisputeRaised) -> None:
        self.validate(Command.DISPUTE, raised.actor)
