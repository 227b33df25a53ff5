"""The invoice of a ticket and its payment."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Invoice, Payment, PaymentAttempt


@dataclass(frozen=True)
class InvoiceWithPayment:
    """`payment` is None until the first try of the card; `attempts` are its tries, in order."""

    invoice: Invoice
    payment: Payment | None
    attempts: list[PaymentAttempt]


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
    return InvoiceWithPayment(invoice, payment, list(attempts))
