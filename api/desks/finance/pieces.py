"""What an entry of the ledger is about, and the paper or page that proves it."""

import re
from dataclasses import dataclass

from api.desks.finance import words
from db.reads.ledger import CREDIT_NOTE_IN_A_KEY, INVOICE_IN_A_KEY, EntryLine
from domain import titles
from domain.chart_of_accounts import kind_label, kind_of


@dataclass(frozen=True)
class Piece:
    """`kind` is that of the posting; `path` leads to what is called `label`, if we have it."""

    kind: str
    label: str | None
    path: str | None = None


def piece(entry: EntryLine) -> Piece:
    kind = kind_label(kind_of(entry.key))
    if entry.statement is not None:
        return Piece(kind, titles.statement(entry.statement), f"/releves/{entry.statement}")
    credit_note, invoice = (re.search(form, entry.key) for form in (CREDIT_NOTE_IN_A_KEY, INVOICE_IN_A_KEY))
    papers = f"/v1/tickets/{entry.ticket}" if entry.ticket is not None else None
    if credit_note is not None:
        number = credit_note.group()
        return Piece(
            kind, words.credit_note(number), f"{papers}/credit-notes/{number}.pdf" if papers else None
        )
    if invoice is not None:
        return Piece(kind, words.invoice(invoice.group()), f"{papers}/invoice.pdf" if papers else None)
    if entry.ticket is not None:
        return Piece(kind, titles.request(entry.ticket))
    return Piece(kind, None)
