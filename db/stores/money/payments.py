"""The payment of an invoice: its one intent, the tries of the card, and the money received."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Invoice, Payment, PaymentAttempt, PaymentStatus
from db.models.people import Card
from db.stores.money.acceptance import price_of
from db.stores.money.ledger import post
from db.stores.tickets import acts
from domain import ledger
from domain.ticket_steps import ChargeInvoice, CheckPayment
from domain.tickets import Outcome, Status


@dataclass(frozen=True)
class ToCharge:
    """What the provider must know to charge an invoice. `card` is None when the client has none saved."""

    invoice: str
    ticket: str
    amount_cents: int
    customer: str | None
    card: str | None
    intent: str | None


async def to_charge(session: AsyncSession, invoice: str) -> ToCharge:
    row = (
        await session.execute(
            select(Invoice, Card, Payment)
            .outerjoin(Card, Card.client_id == Invoice.client_id)
            .outerjoin(Payment, Payment.invoice == Invoice.number)
            .where(Invoice.number == invoice)
        )
    ).one()
    issued, card, payment = row
    return ToCharge(
        invoice=issued.number,
        ticket=issued.ticket,
        amount_cents=issued.total_ttc_cents,
        customer=card.customer_reference if card else None,
        card=card.card_reference if card else None,
        intent=payment.intent if payment else None,
    )


async def record_intent(session: AsyncSession, invoice: str, intent: str) -> None:
    """Keep the intent's reference before it is confirmed. Repeated, it changes nothing."""
    await session.execute(
        insert(Payment)
        .values(invoice=invoice, intent=intent, status=PaymentStatus.CREATED)
        .on_conflict_do_nothing(index_elements=[Payment.invoice])
    )


async def record_attempt(session: AsyncSession, message: ChargeInvoice, refusal: str | None) -> None:
    """The provider's answer to one try of the card. Repeated, it changes nothing."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    payment = await session.get_one(Payment, message.invoice)
    if refusal is not None and payment.status is PaymentStatus.CREATED:
        payment.status = PaymentStatus.REFUSED
    session.add(
        PaymentAttempt(invoice=message.invoice, attempt=message.attempt, refusal=refusal, tried_at=act.at)
    )
    status = begun.ticket.status
    acts.record(session, act, "charge", status, status, attempt=message.attempt, refusal=refusal or "")


async def record_collected(session: AsyncSession, message: CheckPayment, fee_cents: int) -> None:
    """The money has come: the payment is entered and the ticket closes as paid, in one transaction."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    invoice = await session.get_one(Invoice, message.invoice)
    payment = await session.get_one(Payment, message.invoice)
    payment.status, payment.fee_cents, payment.paid_at = PaymentStatus.PAID, fee_cents, act.at
    await post(session, ledger.invoice_paid(invoice.number, invoice.client_id, price_of(invoice)), act.at)
    await post(session, ledger.stripe_fee(invoice.number, fee_cents), act.at)
    before, begun.ticket.status = begun.ticket.status, Status.CLOSED
    begun.ticket.outcome, begun.ticket.closed_at = Outcome.PAID, act.at
    acts.record(session, act, "paid", before, begun.ticket.status, invoice=invoice.number)
