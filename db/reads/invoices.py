"""The invoice of a ticket and its payment."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import CreditNote, Invoice, Payment, PaymentAttempt


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
    row = (
        await session.execute(
            select(Invoice, Payment)
            .outerjoin(Payment, Payment.invoice == Invoice.number)
            .where(Invoice.ticket == ticket)
        )
    ).one_or_none()
    if row is None:
        return None
    invoice, payment = row
    attempts = await session.scalars(
        select(PaymentAttempt)
        .where(PaymentAttempt.invoice == invoice.number)
        .order_by(PaymentAttempt.attempt)
    )
    notes = await session.scalars(
        select(CreditNote).where(CreditNote.invoice == invoice.number).order_by(CreditNote.number)
    )
    return InvoiceWithPayment(invoice, payment, list(attempts), list(notes))
