"""What a document says in French, whatever its form. Its legal mentions are `domain/mentions.py`."""

from datetime import date
from typing import Any

from domain import french, mentions
from domain.documents import Document, DocumentKind, Line, Party, PaymentMeans, grouped
from domain.ids import format_ticket_number
from domain.mentions import Mention

HEADINGS = {
    DocumentKind.INVOICE: "Facture",
    DocumentKind.CREDIT_NOTE: "Avoir",
    DocumentKind.SELF_BILLED: "Facture",
}
TOTALS = {
    DocumentKind.INVOICE: "Total TTC à payer",
    DocumentKind.CREDIT_NOTE: "Total TTC de l’avoir",
    DocumentKind.SELF_BILLED: "Total TTC à payer",
}
PAYMENT = {PaymentMeans.CARD: "Carte bancaire", PaymentMeans.TRANSFER: "Virement"}


def title_of(document: Document) -> str:
    return f"{HEADINGS[document.kind]} {document.number}"


def payment_terms(document: Document) -> Mention:
    """The mention that says how it is paid: it stands apart from the others."""
    terms = {
        DocumentKind.INVOICE: mentions.CARD_IS_CHARGED.source,
        DocumentKind.CREDIT_NOTE: mentions.CORRECTS.source,
        DocumentKind.SELF_BILLED: mentions.TRANSFERRED.source,
    }[document.kind]
    return next(one for one in document.mentions if one.source == terms)


def detail_of(line: Line) -> str:
    """What stands behind a line: when, for which request, how long, at what price for a consumer."""
    parts = [f"Séance du {numeric(line.performed_on)}", f"demande n° {format_ticket_number(line.ticket)}"]
    if line.minutes is not None:
        plural = "s" if line.minutes > 1 else ""
        parts.append(f"{french.minutes(line.minutes)}{french.NBSP}retenue{plural}")
    if line.unit_ttc_cents is not None:
        parts.append(f"{french.euros(line.unit_ttc_cents)} TTC la tranche".replace(" ", french.NBSP))
    if line.slices < 0:
        parts.append("correction")
    return french.typeset(", ".join(parts))


def numeric(day: date) -> str:
    """`24/11/2026`."""
    return day.strftime("%d/%m/%Y")


def page_words(document: Document) -> dict[str, Any]:
    """All that is printed on the page."""
    credit = document.kind is DocumentKind.CREDIT_NOTE
    payment = payment_terms(document)
    apart = {payment, mentions.SELF_BILLING}
    vat = "TVA" if document.vat_bp is None else f"TVA {french.percent(document.vat_bp)}"
    return {
        "title": title_of(document),
        "number": document.number,
        "heading": HEADINGS[document.kind],
        "subheading": mentions.SELF_BILLING.text if mentions.SELF_BILLING in document.mentions else None,
        "seller": {"label": "Prestataire", **_party(document.seller)},
        "buyer": {"label": "Client", **_party(document.buyer)},
        "references": _references(document),
        "columns": ["Désignation", "Quantité", "Prix unitaire HT", "TVA", "Total HT"],
        "lines": [_line(line, document.vat_bp) for line in document.lines],
        "totals": [
            ["Total HT", french.euros(document.total_ht_cents)],
            [vat, french.euros(document.total_vat_cents)],
        ],
        "grand_total": [
            TOTALS[document.kind] if document.vat_bp is not None else "Total à payer",
            french.euros(document.total_ttc_cents),
        ],
        "payment": {
            "label": "Remboursement" if credit else "Règlement",
            "text": french.typeset(payment.text),
        },
        "mentions": [french.typeset(one.text) for one in document.mentions if one not in apart],
        "footer": french.typeset(_footer(document.seller)),
    }


def _party(party: Party) -> dict[str, Any]:
    lines = []
    if party.address is not None:
        lines += [party.address.street, f"{party.address.postal_code} {party.address.city}"]
    else:
        lines.append("France")
    if party.siren is not None:
        lines.append(f"SIREN {grouped(party.siren)}")
    if party.vat_number is not None:
        lines.append(f"N° TVA {party.vat_number}")
    lines += [contact for contact in (party.phone, party.mail) if contact]
    return {"name": french.one_line(party.name), "lines": [french.typeset(line) for line in lines]}


def _references(document: Document) -> list[list[str]]:
    first, last = document.performed_on
    when = numeric(first) if first == last else f"du {numeric(first)} au {numeric(last)}"
    references = [
        ["Numéro", document.number],
        ["Date d’émission", numeric(document.issued_on)],
        ["Prestation", when],
    ]
    if document.preceding is not None:
        references.append(["Facture d’origine", document.preceding.number])
    return references


def _line(line: Line, vat_bp: int | None) -> dict[str, Any]:
    return {
        "title": french.typeset(french.one_line(line.title)),
        "detail": detail_of(line),
        "cells": [
            french.NBSP.join((f"{line.slices}".replace("-", "−"), "×", f"{line.slice_minutes}", "min")),
            french.euros(line.unit_ht_cents),
            "–" if vat_bp is None else french.percent(vat_bp),
            french.euros(line.total_ht_cents),
        ],
    }


def _footer(seller: Party) -> str:
    return f"{seller.name}, {seller.legal}" if seller.legal else seller.name
