"""An accepted intervention: review, gains and invoice in one transaction, or none of them."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Invoice, InvoiceCounter
from db.models.tickets import Ticket
from db.stores.money.credits import credit_down_to, due_of
from db.stores.money.gains import earn
from db.stores.money.ledger import post
from db.stores.tickets import acts
from db.stores.tickets.reviews import put_review
from db.stores.tickets.rulings import record_ruling
from domain import ledger
from domain.billing_steps import Accept, Accepted, Resettle, Resettled
from domain.opening_hours import PARIS
from domain.tickets import Status


async def accept(session: AsyncSession, message: Accept, number: str | None = None) -> Accepted:
    """Issue the invoice and let the gains be born. Repeated, it answers the invoice issued the first time.
    `number` is the one that it was given before the database forgot it."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        invoice = await session.scalar(select(Invoice).where(Invoice.ticket == act.ticket))
        if invoice is None:
            raise acts.UnknownTicketError(act.ticket)
        return Accepted(invoice.number)
    before, begun.ticket.status = begun.ticket.status, Status.INVOICED
    # The database refuses money for a suspended ticket: it must know first that this one no longer is.
    await session.flush()
    if message.ruling is not None:
        await record_ruling(session, begun.ticket, message.ruling)
    if message.review is not None:
        await put_review(session, message.review)
    await earn(session, act, message.tariff, message.gains)
    invoice = await _issue(session, message, begun.ticket, number)
    acts.record(session, act, "accept", before, begun.ticket.status, invoice=invoice.number)
    return Accepted(invoice.number)


async def resettle(session: AsyncSession, message: Resettle, number: str | None = None) -> Resettled:
    """What is owed changes after the invoice: it stands, and the difference is credited. `number` is the one
    that the credit note was given before the database forgot it."""
    act = message.act
    begun = await acts.begin(session, act)
    invoice = (await session.scalars(select(Invoice).where(Invoice.ticket == act.ticket))).one()
    if begun.done:
        issued = str(begun.done.details.get("credit_note", "")) or None
        return Resettled((await due_of(session, invoice)).ttc_cents, issued)
    before, begun.ticket.status = begun.ticket.status, Status.INVOICED
    await session.flush()
    if message.ruling is not None:
        await record_ruling(session, begun.ticket, message.ruling)
    if message.review is not None:
        await put_review(session, message.review)
    await earn(session, act, message.tariff, message.gains)
    slices = message.bill.slices if message.bill else 0
    credit = await credit_down_to(session, invoice, slices, act.at, number=number)
    acts.record(
        session,
        act,
        message.name,
        before,
        begun.ticket.status,
        credit_note=credit or "",
        kind=message.ruling.kind.value if message.ruling else None,
    )
    return Resettled((await due_of(session, invoice)).ttc_cents, credit)


async def _issue(session: AsyncSession, message: Accept, ticket: Ticket, number: str | None) -> Invoice:
    price = message.tariff.price(message.bill.slices)
    invoice = Invoice(
        number=number or await _next_number(session, message.act.at.astimezone(PARIS).year),
        ticket=ticket.number,
        client_id=ticket.client_id,
        issued_at=message.act.at,
        minutes=message.bill.minutes,
        slices=message.bill.slices,
        unit_ttc_cents=message.tariff.price_ttc_cents,
        vat_bp=message.tariff.vat_bp,
        total_ht_cents=price.ht_cents,
        total_vat_cents=price.vat_cents,
        total_ttc_cents=price.ttc_cents,
    )
    session.add(invoice)
    await post(session, ledger.invoice_issued(invoice.number, ticket.client_id, price), message.act.at)
    return invoice


async def _next_number(session: AsyncSession, year: int) -> str:
    """The next number of the year, `F2026-000123`. The counter's row stays locked until the commit, so that
    a rollback leaves no gap (CGI annexe II, art. 242 nonies A: a continuous series)."""
    last = await session.scalar(
        insert(InvoiceCounter)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=[InvoiceCounter.year], set_={"last": InvoiceCounter.last + 1})
        .returning(InvoiceCounter.last)
    )
    return f"F{year}-{last:06d}"
