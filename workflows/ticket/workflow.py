"""One ticket, from the request to its end."""

from typing import assert_never

from temporalio import workflow

from domain.messages import TicketRequest
from domain.tickets import Status
from workflows.ticket.appointment import Appointment
from workflows.ticket.changes import Changes
from workflows.ticket.collection import Collection
from workflows.ticket.dispute import Dispute
from workflows.ticket.incident import Incident
from workflows.ticket.report import Report
from workflows.ticket.resuming import Resuming
from workflows.ticket.session import Session


@workflow.defn(name="Ticket")
class TicketWorkflow(Changes, Appointment, Session, Report, Dispute, Collection, Incident, Resuming):
    @workflow.init
    def __init__(self, request: TicketRequest) -> None:
        super().__init__(request)

    @workflow.run
    async def run(self, _request: TicketRequest) -> str:
        """Each status is a phase, and each phase ends by entering another status. Answers the outcome."""
        self.resume()
        while self.status is not Status.CLOSED:
            match self.status:
                case Status.REQUESTED:
                    await self.assign()
                case Status.TO_ASSIGN:
                    await self.await_technician()
                case Status.SCHEDULED:
                    await self.await_session()
                case Status.IN_SESSION:
                    await self.await_end()
                case Status.TO_REPORT:
                    await self.await_report()
                case Status.IN_REVIEW:
                    await self.await_review()
                case Status.SUSPENDED:
                    await self.await_ruling()
                case Status.INVOICED:
                    await self.settle()
                case Status.UNPAID:
                    await self.await_debtor()
                case _:
                    assert_never(self.status)
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self.everyone_told()
        return str(self.outcome)
