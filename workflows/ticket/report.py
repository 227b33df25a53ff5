"""The technician's report, and the rule that decides whether its duration can be believed."""

from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.session_logs import SessionLogActivities
from activities.tickets import TicketActivities
from domain.duration import Duration, duration
from domain.messages import Answer, ReportFiled
from domain.notices import Notice
from domain.rulings import Bill
from domain.session_log import ReadSessionLog
from domain.ticket_steps import Evidence, FileReport
from domain.tickets import Command, Status
from workflows import steps, wording
from workflows.agenda import Deadline, wait
from workflows.options import DATABASE, SESSION_LOG
from workflows.ticket.process import TicketProcess

# When the log of remote control is looked at, in minutes after the end: it may lag behind the session, and
# a technician reports within the hour. What it proves by then replaces our own stamps.
LOG_LOOKS = (0, 2, 5, 15, 60)


class Report(TicketProcess):
    async def await_report(self) -> None:
        ended = self.since
        self.agenda = [
            *(self._log_look(ended, minutes) for minutes in LOG_LOOKS if self.request.session_log),
            self.alarm(Notice.REPORT_DUE, ended + self.deadlines.report_reminder),
            self.alarm(Notice.REPORT_OVERDUE, ended + self.deadlines.report_overdue, daily=True),
        ]
        await wait(lambda: self.status is not Status.TO_REPORT, self.agenda)

    @workflow.update(description=steps.REPORT)
    async def report(self, filed: ReportFiled) -> Answer:
        async with self.accepting(Command.REPORT, filed.actor) as act:
            billed, evidence = self._duration(filed.declared_minutes)
            await workflow.execute_activity_method(
                TicketActivities.file_report,
                FileReport(
                    act,
                    self.session,
                    filed.submission_id,
                    billed.declared_minutes,
                    billed.measured_minutes,
                    evidence,
                    billed.billed_slices,
                    billed.credible,
                ),
                summary=steps.REPORTED,
                **DATABASE,
            )
            bill = self._bill(billed)
            self.held.slices = billed.billed_slices
            self.held.most_minutes = (
                bill.minutes if billed.credible else min(billed.declared_minutes, self.ceiling_minutes)
            )
            if not self.is_free:
                self.bill = bill
            if billed.credible:
                self.enter(Status.IN_REVIEW)
                self.tell(Notice.REPORT_READY, str(self.session) if self.is_free else "")
            else:
                self.suspended()
        return self.answer()

    @report.validator
    def check_report(self, filed: ReportFiled) -> None:
        self.validate(Command.REPORT, filed.actor)

    def _log_look(self, ended_at: datetime, minutes: int) -> Deadline:
        at = ended_at + minutes * self.deadlines.minute

        async def look() -> None:
            try:
                read = await workflow.execute_activity_method(
                    SessionLogActivities.read_session_log,
                    ReadSessionLog(
                        self.act(f"session_log:{self.session}:{minutes}"), self.session, self.deadlines.minute
                    ),
                    summary=wording.SESSION_LOG,
                    **SESSION_LOG,
                )
            except ActivityError:
                # Evidence that one can do without: our own stamps count.
                return
            self.held.logged_minutes = read.minutes

        return Deadline(at, wording.SESSION_LOG, look, lambda: self.held.logged_minutes is not None)

    def _duration(self, declared: int) -> tuple[Duration, Evidence]:
        measured, evidence = self.held.measured(self.request)
        ceiling = self.ceiling_minutes
        return duration(self.agreed_tariff(), declared=declared, measured=measured, ceiling=ceiling), evidence

    def _bill(self, billed: Duration) -> Bill:
        minutes = min(billed.declared_minutes, billed.measured_minutes, self.ceiling_minutes)
        return Bill(minutes, billed.billed_slices)
