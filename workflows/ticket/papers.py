"""Invoices and credit notes become documents beside the process, and then go to the client."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.issuing import DocumentActivities
from domain.billing_steps import MakeDocument
from domain.notices import Notice
from workflows import wording
from workflows.options import DOCUMENT
from workflows.ticket.process import TicketProcess


class Papers(TicketProcess):
    def issue(self, number: str) -> None:
        """Have the document of an invoice or a credit note made, and go on: a dispute must not wait for it.
        What is charged does (`undocumented`): the law wants the invoice in hand before it is paid."""
        self.undocumented.append(number)
        self.beside(self._make(number))

    async def _make(self, number: str) -> None:
        while number in self.undocumented:
            try:
                await workflow.execute_activity_method(
                    DocumentActivities.make_document,
                    MakeDocument(number, workflow.now()),
                    summary=wording.DOCUMENT,
                    **DOCUMENT,
                )
            except ActivityError:
                # An hour of trying. It goes on, for as long as it takes, and is told once a day.
                self.tell(Notice.DOCUMENT_LATE, f"{number}:{workflow.now().date().isoformat()}")
                continue
            self.undocumented.remove(number)
        if number == self.invoice:
            self.tell(Notice.INVOICE_ISSUED)
        else:
            self.tell(Notice.CREDIT_NOTE_ISSUED, number)
