"""A ticket whose process Temporal has forgotten goes on from what the database knows of it."""

from temporalio import workflow

from domain.notices import Notice
from domain.tickets import Status
from workflows.search_attributes import DISPUTED
from workflows.ticket.papers import Papers


class Resuming(Papers):
    def resume(self) -> None:
        """Before the first phase. What was to be told or made when Temporal forgot it is told and made: a
        mail that has gone out has its key in the database, and does not go again."""
        known = self.request.resumed
        if known is None:
            return
        self.show()
        if self.disputed:
            workflow.upsert_search_attributes([DISPUTED.value_set(True)])
        for number in known.undocumented:
            self.issue(number)
        match self.status:
            case Status.SCHEDULED if self.sequence == 0:
                self.tell(Notice.BOOKED)
            case Status.TO_ASSIGN:
                self.tell_of_appointment(Notice.TO_ASSIGN)
            case Status.IN_REVIEW:
                self.tell(Notice.REPORT_READY, str(self.session) if self.is_free else "")
            case Status.SUSPENDED:
                self.tell(Notice.SUSPENDED, "" if self.suspensions == 1 else str(self.suspensions))
            case Status.INVOICED if self.invoice is not None and self.invoice not in known.undocumented:
                self.tell(Notice.INVOICE_ISSUED)
