"""A document as data: the Factur-X XML of EN 16931 (UN/CEFACT Cross Industry Invoice)."""

from typing import Any

import facturx

from activities.documents.wording import PAYMENT, detail_of, payment_terms
from domain.documents import Document, DocumentKind, Line, Party, PaymentMeans
from domain.french import one_line
from domain.mentions import Subject

# UNTDID 1001, 4461 and 5305; Factur-X names the rest by its terms of EN 16931 (BT-…).
TYPE_CODES = {DocumentKind.INVOICE: "380", DocumentKind.CREDIT_NOTE: "381", DocumentKind.SELF_BILLED: "389"}
# A bank card; an online payment service, which knows its accounts better than an IBAN would.
PAYMENT_CODES = {PaymentMeans.CARD: "48", PaymentMeans.TRANSFER: "68"}
STANDARD, EXEMPT = "S", "E"
FRANCHISE_REASON = "TVA non applicable, art. 293 B du CGI"
FRANCHISE_CODE = "VATEX-FR-FRANCHISE"
SIREN = "0002"
FRENCH_ADDRESS = "0225"
# Of services: to a consumer or to a professional the French frame of billing is the same.
FRAME = "S1"
ONE = "C62"


def xml_of(document: Document) -> bytes:
    """The XML, valid against its schema. Raises `Exception` (the library has no kind of its own) if it is
    not, which is a fault of ours."""
    return bytes(
        facturx.generate_xml(_terms(document), flavor="factur-x", level="en16931", check_schematron=False)
    )


def _terms(document: Document) -> dict[str, Any]:
    ht, vat, ttc = (
        euros(cents)
        for cents in (document.total_ht_cents, document.total_vat_cents, document.total_ttc_cents)
    )
    first, last = document.performed_on
    terms: dict[str, Any] = {
        "BT-1": document.number,
        "BT-2": document.issued_on,
        "BT-3": TYPE_CODES[document.kind],
        "BT-5": "EUR",
        "BT-8": "payment",
        "BT-20": one_line(payment_terms(document).text),
        "BT-23": FRAME,
        "BT-72": last,
        "BT-81": PAYMENT_CODES[document.payment],
        "BT-82": PAYMENT[document.payment],
        "BT-106": ht,
        "BT-109": ht,
        "BT-110": vat,
        "BT-112": ttc,
        "BT-115": ttc,
        "BG-1": _notes(document),
        "BG-4": _party(document.seller, exempt=document.vat_bp is None),
        "BG-7": _party(document.buyer),
        "BG-23": [_vat(document, ht, vat)],
        "BG-25": [_line(str(n), line, document.vat_bp) for n, line in enumerate(document.lines, 1)],
    }
    if first != last:
        terms |= {"BT-73": first, "BT-74": last}
    if document.preceding is not None:
        terms["BG-3"] = [{"BT-25": document.preceding.number, "BT-26": document.preceding.issued_on}]
    return terms


def euros(cents: int) -> str:
    """Exactly, with a point: `-12.50`."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def percent(basis_points: int) -> str:
    return euros(basis_points)


def _notes(document: Document) -> list[dict[str, str]]:
    reporting = "B2C" if document.buyer.siren is None else "B2B"
    notes = [{"BT-21": "BAR", "BT-22": reporting}]
    notes += [
        {"BT-21": mention.subject.value, "BT-22": one_line(mention.text)} for mention in document.mentions
    ]
    for party in (document.seller, document.buyer):
        if party.legal:
            notes.append(
                {"BT-21": Subject.REGULATORY.value, "BT-22": one_line(f"{party.name}, {party.legal}")}
            )
    return notes


def _party(party: Party, *, exempt: bool = False) -> dict[str, Any]:
    terms: dict[str, Any] = {"name": one_line(party.name), "country_code": party.country}
    if party.address is not None:
        terms |= {
            "addr_l1": one_line(party.address.street),
            "postcode": one_line(party.address.postal_code),
            "city": one_line(party.address.city),
        }
    if party.siren is not None:
        terms |= {
            "legal_identifier": party.siren,
            "legal_identifier_schemeid": SIREN,
            "einvoicing_addr": party.siren,
            "einvoicing_addr_schemeid": FRENCH_ADDRESS,
        }
    if party.vat_number is not None:
        terms["vat_identifier"] = party.vat_number
    elif exempt:
        # A seller must be known to the tax office: without a VAT number, by their SIREN.
        terms["tax_identifier"] = party.siren
    return terms


def _vat(document: Document, ht: str, vat: str) -> dict[str, Any]:
    if document.vat_bp is None:
        return {
            "BT-116": ht,
            "BT-117": vat,
            "BT-118": EXEMPT,
            "BT-119": "0.00",
            "BT-120": FRANCHISE_REASON,
            "BT-121": FRANCHISE_CODE,
        }
    return {"BT-116": ht, "BT-117": vat, "BT-118": STANDARD, "BT-119": percent(document.vat_bp)}


def _line(identifier: str, line: Line, vat_bp: int | None) -> dict[str, Any]:
    return {
        "BT-126": identifier,
        "BT-129": str(line.slices),
        "BT-130": ONE,
        "BT-131": euros(line.total_ht_cents),
        "BT-134": line.performed_on,
        "BT-135": line.performed_on,
        "BT-146": euros(line.unit_ht_cents),
        "BT-151": EXEMPT if vat_bp is None else STANDARD,
        "BT-152": percent(vat_bp or 0),
        "BT-153": one_line(line.title),
        "BT-154": one_line(detail_of(line)),
    }
