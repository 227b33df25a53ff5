"""The invoice of a ticket and its payment."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import CreditNote, Invoice, Payment, PaymentAttempt
from db.reads.gathered import Found, Wanted, gather


@dataclass(frozen=True)
class InvoiceWithPayment:
    """`payment` is None until the first try of the card; `attempts` are its tries, in order, `credits` the
    credit notes that take from the invoice."""

    invoice: Invoice
    payment: Payment | None
    attempts: list[PaymentAttempt]
    credits: list[CreditNote]

    @property
    def due_cents(self) -> int:
        """What the credit notes leave of the total, whether paid or not."""
        return self.invoice.total_ttc_cents - sum(credit.total_ttc_cents for credit in self.credits)


async def invoice_of_ticket(session: AsyncSession, ticket: str) -> InvoiceWithPayment | None:
    rows = await gather(session, *invoice_wanted(ticket))
    return invoice_in(rows)


def invoice_wanted(ticket: str) -> tuple[Wanted, ...]:
    """What `invoice_in` reads, to be gathered with more."""
    invoices = select(Invoice.number).where(Invoice.ticket == ticket)
    return (
        Wanted(Invoice, Invoice.ticket == ticket, (Invoice.number,)),
        Wanted(Payment, Payment.invoice.in_(invoices), (Payment.invoice,)),
        Wanted(PaymentAttempt, PaymentAttempt.invoice.in_(invoices), (PaymentAttempt.attempt,)),
        Wanted(CreditNote, CreditNote.invoice.in_(invoices), (CreditNote.number,)),
    )


def invoice_in(rows: Found) -> InvoiceWithPayment | None:
    invoice = rows.last(Invoice)
    if invoice is None:
        return None
    return InvoiceWithPayment(invoice, rows.last(Payment), rows.of(PaymentAttempt), rows.of(CreditNote))
