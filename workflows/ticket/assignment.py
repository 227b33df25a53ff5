"""From the request to a booked technician; with nobody free, the back office is told, then it is dropped."""

from temporalio import workflow

from activities.tickets import TicketActivities
from domain.messages import Answer, Ask
from domain.notices import Notice
from domain.ticket_steps import Book, ChangeStatus
from domain.tickets import Outcome, Status
from workflows import wording
from workflows.agenda import Deadline, wait
from workflows.options import DATABASE
from workflows.ticket.process import TicketProcess


class Assignment(TicketProcess):
    @workflow.update(description="Attend que le créneau soit réservé")
    async def booked(self, _ask: Ask) -> Answer:
        """Answers once the slot is booked, or lost."""
        await workflow.wait_condition(lambda: self.status is not Status.REQUESTED)
        return self.answer()

    async def assign(self) -> None:
        async with self.deciding(Status.REQUESTED):
            booked = await workflow.execute_activity_method(
                TicketActivities.book,
                Book(self.act("book"), self.request),
                summary="Réservation du technicien",
                **DATABASE,
            )
            self.technician_id, self.tariff = booked.technician_id, booked.tariff
            if booked.technician_id is None:
                self.enter(Status.TO_ASSIGN)
                self.tell(Notice.TO_ASSIGN)
            else:
                self.enter(Status.SCHEDULED)
                self.tell(Notice.BOOKED)

    async def await_technician(self) -> None:
        now = workflow.now()
        await wait(
            lambda: self.status is not Status.TO_ASSIGN,
            [
                self.alarm(Notice.TO_ASSIGN, now + self.deadlines.repeat_alert, daily=True),
                Deadline(now + self.deadlines.to_assign, wording.CANCEL, self._cancel),
            ],
        )

    async def _cancel(self) -> None:
        async with self.deciding(Status.TO_ASSIGN) as still:
            if not still:
                return
            await workflow.execute_activity_method(
                TicketActivities.change_status,
                ChangeStatus(self.act("cancel"), Status.CLOSED),
                summary="Annulation",
                **DATABASE,
            )
            self.outcome = Outcome.CANCELLED
            self.enter(Status.CLOSED)
            self.tell(Notice.CANCELLED)
