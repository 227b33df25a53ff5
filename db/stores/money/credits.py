"""Credit notes: what is no longer owed of an invoice, which itself is never changed."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import CreditNote, CreditNoteCounter, Invoice
from db.stores.money.ledger import post
from domain import ledger
from domain.money import Price, price_from_ttc
from domain.opening_hours import PARIS


async def credit_down_to(
    session: AsyncSession,
    invoice: Invoice,
    slices: int,
    at: datetime,
    *,
    paid: bool = False,
    number: str | None = None,
) -> str | None:
    """Credit what the invoice has more than that many slices. Answers the credit note's number; None when no
    more than that is owed anyway. `paid` tells an invoice whose money was entered already; `number` is the
    one that was given before the database forgot it."""
    owed = await billed_slices(session, invoice)
    if owed <= slices:
        return None
    price = price_from_ttc((owed - slices) * invoice.unit_ttc_cents, invoice.vat_bp)
    number = number or await _next_number(session, at.astimezone(PARIS).year)
    session.add(
        CreditNote(
            number=number,
            invoice=invoice.number,
            issued_at=at,
            slices=owed - slices,
            total_ht_cents=price.ht_cents,
            total_vat_cents=price.vat_cents,
            total_ttc_cents=price.ttc_cents,
        )
    )
    await session.flush()
    posting = ledger.credit_note_after_payment if paid else ledger.credit_note_issued
    await post(session, posting(number, invoice.client_id, price), at)
    return number


async def billed_slices(session: AsyncSession, invoice: Invoice) -> int:
    """What the credit notes leave of the invoice's slices."""
    return invoice.slices - await _credited_slices(session, invoice.number)


async def due_of(session: AsyncSession, invoice: Invoice) -> Price:
    """What is left of the invoice once its credit notes are taken off."""
    row = (
        await session.execute(
            select(
                func.coalesce(func.sum(CreditNote.total_ttc_cents), 0),
                func.coalesce(func.sum(CreditNote.total_ht_cents), 0),
                func.coalesce(func.sum(CreditNote.total_vat_cents), 0),
            ).where(CreditNote.invoice == invoice.number)
        )
    ).one()
    ttc, ht, vat = (int(cents) for cents in row)
    return Price(invoice.total_ttc_cents - ttc, invoice.total_ht_cents - ht, invoice.total_vat_cents - vat)


async def _credited_slices(session: AsyncSession, invoice: str) -> int:
    credited = await session.scalar(
        select(func.coalesce(func.sum(CreditNote.slices), 0)).where(CreditNote.invoice == invoice)
    )
    return int(credited or 0)


async def _next_number(session: AsyncSession, year: int) -> str:
    """The next number of the year, `A2026-000012`; as gapless as the invoices' own."""
    last = await session.scalar(
        insert(CreditNoteCounter)
        .values(year=year, last=1)
        .on_conflict_do_update(
            index_elements=[CreditNoteCounter.year], set_={"last": CreditNoteCounter.last + 1}
        )
        .returning(CreditNoteCounter.last)
    )
    return f"A{year}-{last:06d}"
