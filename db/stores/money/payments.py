"""The payment of an invoice: its one intent, the tries of the card, and the money received."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Invoice, Payment, PaymentAttempt, PaymentStatus
from db.models.people import Card
from db.models.tickets import Ticket
from db.stores.money.credits import due_of
from db.stores.money.ledger import post
from db.stores.money.refunded import enter_refund
from db.stores.tickets import acts
from domain import ledger
from domain.billing_steps import ChargeInvoice, CheckPayment, WriteOff
from domain.refunds import SentBack, TransferState
from domain.ticket_steps import Act
from domain.tickets import Outcome, Status


@dataclass(frozen=True)
class ToCharge:
    """What the provider must know to charge an invoice. `card` is None when the client has none saved.

    `amount_cents` is the invoice's total, `due_cents` what its credit notes leave of it. `outcome` is that of
    a ticket that has closed.
    """

    invoice: str
    ticket: str
    suspended: bool
    outcome: Outcome | None
    amount_cents: int
    due_cents: int
    customer: str | None
    card: str | None
    intent: str | None


@dataclass(frozen=True)
class Received:
    """What was collected for an invoice, the provider's fee, what was due then, and the excess sent back."""

    collected_cents: int
    fee_cents: int
    due_cents: int
    sent_back: tuple[SentBack, ...] = ()


async def to_charge(session: AsyncSession, invoice: str) -> ToCharge:
    row = (
        await session.execute(
            select(Invoice, Card, Payment, Ticket)
            .join(Ticket, Ticket.number == Invoice.ticket)
            .outerjoin(Card, Card.client_id == Invoice.client_id)
            .outerjoin(Payment, Payment.invoice == Invoice.number)
            .where(Invoice.number == invoice)
        )
    ).one()
    issued, card, payment, ticket = row
    return ToCharge(
        invoice=issued.number,
        ticket=issued.ticket,
        suspended=ticket.status is Status.SUSPENDED,
        outcome=ticket.outcome,
        amount_cents=issued.total_ttc_cents,
        due_cents=(await due_of(session, issued)).ttc_cents,
        customer=card.customer_reference if card else None,
        card=card.card_reference if card else None,
        intent=payment.intent if payment else None,
    )


async def record_intent(session: AsyncSession, act: Act, invoice: str, intent: str) -> bool:
    """Keep the intent's reference before it is confirmed. Repeated, it changes nothing. False, and nothing is
    kept, when the ticket has meanwhile been suspended or closed."""
    begun = await acts.begin(session, act)
    if begun.ticket.status not in {Status.INVOICED, Status.UNPAID}:
        return False
    await put_intent(session, invoice, intent)
    return True


async def put_intent(session: AsyncSession, invoice: str, intent: str) -> None:
    """Whatever has become of the ticket: the provider knows it."""
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
        PaymentAttempt(
            invoice=message.invoice,
            attempt=message.attempt,
            refusal=refusal,
            by_hand=message.by_hand,
            tried_at=act.at,
        )
    )
    status = begun.ticket.status
    acts.record(session, act, "charge", status, status, attempt=message.attempt, refusal=refusal or "")


async def record_collected(session: AsyncSession, message: CheckPayment, received: Received) -> bool:
    """The money has come: the payment is entered and the ticket closes, in one transaction. False, and
    nothing is entered, while the ticket is suspended, or when something else is due by now."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return True
    invoice = await session.get_one(Invoice, message.invoice)
    payment = await session.get_one(Payment, message.invoice)
    due = await due_of(session, invoice)
    if begun.ticket.status not in {Status.INVOICED, Status.UNPAID} or due.ttc_cents != received.due_cents:
        return False
    payment.status, payment.paid_at = PaymentStatus.PAID, act.at
    payment.collected_cents, payment.fee_cents = received.collected_cents, received.fee_cents
    paid = ledger.invoice_paid(invoice.number, invoice.client_id, received.collected_cents, due)
    await post(session, paid, act.at)
    await post(session, ledger.stripe_fee(invoice.number, received.fee_cents), act.at)
    for attempt, sent in enumerate(received.sent_back, start=1):
        await enter_refund(session, invoice, 0, attempt, sent, act.at)
    standing = (sent for sent in received.sent_back if sent.state is TransferState.SENT)
    refunded = sum(sent.amount_cents for sent in standing)
    outcome = Outcome.PAID if due.ttc_cents else Outcome.WAIVED
    _close(session, begun, act, "paid", outcome, invoice=invoice.number, refunded=refunded)
    return True


async def record_dropped(session: AsyncSession, message: CheckPayment, cancelled: str | None) -> bool:
    """Nothing is owed any more, and nothing will be collected: the ticket closes. False while it is
    suspended, or when its intent is not the one that was cancelled."""
    begun = await acts.begin(session, message.act)
    if begun.done:
        return True
    if begun.ticket.status is Status.SUSPENDED or await _intent(session, message.invoice) != cancelled:
        return False
    _close(session, begun, message.act, "waived", Outcome.WAIVED, invoice=message.invoice)
    return True


async def record_written_off(session: AsyncSession, message: WriteOff) -> bool:
    """What is left due becomes a loss, and the ticket closes. False when it is not unpaid any more, or when
    its intent is not the one that was cancelled."""
    begun = await acts.begin(session, message.act)
    if begun.done:
        return True
    intent = await _intent(session, message.invoice)
    if begun.ticket.status is not Status.UNPAID or intent != message.cancelled:
        return False
    invoice = await session.get_one(Invoice, message.invoice)
    due = await due_of(session, invoice)
    await post(session, ledger.written_off(invoice.number, invoice.client_id, due), message.act.at)
    details = {"invoice": message.invoice, "submission": message.submission_id}
    _close(session, begun, message.act, "write_off", Outcome.WRITTEN_OFF, **details)
    return True


async def _intent(session: AsyncSession, invoice: str) -> str | None:
    payment = await session.get(Payment, invoice)
    return payment.intent if payment is not None else None


def _close(
    session: AsyncSession, begun: acts.Begun, act: Act, name: str, outcome: Outcome, **details: str | int
) -> None:
    ticket = begun.ticket
    before, ticket.status = ticket.status, Status.CLOSED
    ticket.outcome, ticket.closed_at = outcome, act.at
    acts.record(session, act, name, before, ticket.status, **details)
