"""Making the documents of record of invoices, credit notes and statements."""

import asyncio
import traceback
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from pydantic import TypeAdapter
from temporalio import activity

from activities.documents.making import make
from db.engine import Sessions
from db.reads.documents import Purchase, Sale, is_made, purchase_of, sale_of
from db.stores import documents
from domain import titles
from domain.billing_steps import MakeDocument
from domain.documents import (
    Address,
    Company,
    Document,
    Line,
    Party,
    Preceding,
    credit_note,
    invoice,
    self_billed,
)
from domain.money import Price, price_from_ttc
from domain.opening_hours import PARIS

FACTS = TypeAdapter(Document)


class UnknownDocumentError(LookupError):
    """A document was asked for of a number that was never given: a programming error."""


class DocumentNotMade(Exception):
    """The page or the data could not be written. Names nobody."""


class DocumentActivities:
    """`company` is who issues."""

    def __init__(self, database: Sessions, company: Company) -> None:
        self._database = database
        self._company = company

    @activity.defn
    async def make_document(self, message: MakeDocument) -> None:
        """Make the document of that number and keep it, unless there is one.

        Safe to repeat: the first one kept stays. Raises `UnknownDocumentError`, `ValueError` where the
        amounts do not add up, and `DocumentNotMade`: all faults of ours, to be tried again once we have
        mended them.
        """
        async with self._database.begin() as session:
            if await is_made(session, message.number):
                return
            sale = await sale_of(session, message.number)
            purchase = await purchase_of(session, message.number) if sale is None else None
        if sale is not None:
            document, billed = described(self._company, sale), sale.invoice
        elif purchase is not None:
            document, billed = self_billing(self._company, purchase), None
        else:
            raise UnknownDocumentError(message.number)
        # No connection to the database is held meanwhile, and the loop is not either.
        try:
            made = await asyncio.to_thread(make, document, message.at)
        except Exception as fault:
            # Its words may quote what is on the page: its kind and its place are enough.
            raise DocumentNotMade(f"{document.number}: {_told(fault)}") from None
        async with self._database.begin() as session:
            await documents.keep(
                session,
                number=document.number,
                kind=document.kind,
                ticket=billed.ticket if billed else None,
                invoice=billed.number if billed else None,
                facts=facts_of(document),
                pdf=made.pdf,
                xml=made.xml,
                sha256=made.sha256,
                made_at=message.at,
            )


def _told(fault: Exception) -> str:
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} at {PurePath(last.filename).name}:{last.lineno}"


def facts_of(document: Document) -> dict[str, Any]:
    """Everything on it, as JSON."""
    facts: dict[str, Any] = FACTS.dump_python(document, mode="json")
    return facts


def described(company: Company, sale: Sale) -> Document:
    """What is on the document of an invoice, or of the credit note that takes from it."""
    billed, credit = sale.invoice, sale.credit
    row = credit or billed
    totals = Price(row.total_ttc_cents, row.total_ht_cents, row.total_vat_cents)
    client = Party(name=sale.client_name)
    line = Line(
        title=titles.assistance(sale.skill),
        performed_on=_paris_day(sale.session.started_at),
        ticket=billed.ticket,
        slices=row.slices,
        slice_minutes=sale.slice_minutes,
        unit_ht_cents=price_from_ttc(billed.unit_ttc_cents, billed.vat_bp).ht_cents,
        total_ht_cents=row.total_ht_cents,
        minutes=None if credit else billed.minutes,
        unit_ttc_cents=billed.unit_ttc_cents,
    )
    number, issued_on, vat_bp = row.number, _paris_day(row.issued_at), billed.vat_bp
    if credit is None:
        return invoice(company, client, line, totals, number=number, issued_on=issued_on, vat_bp=vat_bp)
    preceding = Preceding(billed.number, _paris_day(billed.issued_at))
    return credit_note(
        company, client, line, totals, preceding, number=number, issued_on=issued_on, vat_bp=vat_bp
    )


def self_billing(company: Company, purchase: Purchase) -> Document:
    """What is on the document of a statement: a line for each gain, at the rate frozen at its booking. One
    that corrects an earlier statement names it."""
    statement, seller = purchase.statement, purchase.seller
    party = Party(
        name=seller.legal_name or "",
        address=Address(seller.street or "", seller.postal_code or "", seller.city or ""),
        siren=seller.siren,
        vat_number=seller.vat_number if statement.vat_bp is not None else None,
    )
    lines = tuple(
        Line(
            title=titles.correction(gain.corrects) if gain.corrects else titles.assistance(gain.skill),
            performed_on=_paris_day(gain.performed_at),
            ticket=gain.ticket,
            slices=gain.slices,
            slice_minutes=gain.slice_minutes,
            unit_ht_cents=gain.amount_cents // gain.slices,
            total_ht_cents=gain.amount_cents,
        )
        for gain in purchase.gains
    )
    issued_on = _paris_day(statement.issued_at)
    return self_billed(
        company, party, lines, number=statement.number, issued_on=issued_on, vat_bp=statement.vat_bp
    )


def _paris_day(instant: datetime) -> date:
    return instant.astimezone(PARIS).date()
