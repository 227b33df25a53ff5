"""A ticket's invoice and credit notes: made beside the phases, and mailed."""

from domain.notices import Notice
from workflows.papers import make_document
from workflows.ticket.process import TicketProcess


class Papers(TicketProcess):
    def issue(self, number: str) -> None:
        """Have the document of an invoice or a credit note made, and go on: a dispute must not wait for it.
        What is charged does (`undocumented`): the law wants the invoice in hand before it is paid."""
        self.undocumented.append(number)
        self.messenger.beside(self._make(number))

    async def _make(self, number: str) -> None:
        await make_document(number, self.messenger, self.deadlines.repeat_alert)
        self.undocumented.remove(number)
        if number == self.invoice:
            self.tell(Notice.INVOICE_ISSUED)
        else:
            self.tell(Notice.CREDIT_NOTE_ISSUED, number)
