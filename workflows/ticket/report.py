"""The technician's report, and the rule that decides whether its duration can be believed."""

from temporalio import workflow

from activities.tickets import TicketActivities
from domain.duration import Duration, duration, measured_minutes
from domain.messages import Answer, ReportFiled
from domain.notices import Notice
from domain.ticket_steps import FileReport
from domain.tickets import Command, Status
from workflows.agenda import wait
from workflows.options import DATABASE
from workflows.ticket.process import TicketProcess


class Report(TicketProcess):
    async def await_report(self) -> None:
        now = workflow.now()
        await wait(
            lambda: self.status is not Status.TO_REPORT,
            [
                self.alarm(Notice.REPORT_DUE, now + self.deadlines.report_reminder),
                self.alarm(Notice.REPORT_OVERDUE, now + self.deadlines.report_overdue, daily=True),
            ],
        )

    @workflow.update(description="Le technicien rend son compte rendu")
    async def report(self, filed: ReportFiled) -> Answer:
        async with self.accepting(Command.REPORT, filed.actor) as act:
            billed = self._duration(filed.declared_minutes)
            await workflow.execute_activity_method(
                TicketActivities.file_report,
                FileReport(
                    act,
                    self.session,
                    filed.submission_id,
                    billed.declared_minutes,
                    billed.measured_minutes,
                    billed.billed_slices,
                    billed.credible,
                ),
                summary="Compte rendu",
                **DATABASE,
            )
            self.billed_slices = billed.billed_slices
            self.billed_minutes = min(
                billed.declared_minutes, billed.measured_minutes, self.request.ceiling_minutes
            )
            if billed.credible:
                self.enter(Status.IN_REVIEW)
                self.tell(Notice.REPORT_READY)
            else:
                self.enter(Status.SUSPENDED)
                self.tell(Notice.SUSPENDED)
        return self.answer()

    @report.validator
    def check_report(self, filed: ReportFiled) -> None:
        self.validate(Command.REPORT, filed.actor)

    def _duration(self, declared: int) -> Duration:
        if self.tariff is None or self.started_at is None or self.ended_at is None:
            raise RuntimeError("a report before the end of a session")
        measured = measured_minutes(self.started_at, self.ended_at, self.deadlines.minute)
        return duration(
            self.tariff, declared=declared, measured=measured, ceiling=self.request.ceiling_minutes
        )
