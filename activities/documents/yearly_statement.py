"""What a technician is told each January: what is declared of them for the year, on one page."""

from datetime import datetime
from pathlib import Path
from typing import Any

from activities.documents.page import set_page
from activities.documents.wording import numeric
from domain import french, mentions
from domain.dac7 import Missing, QuarterTotals, Seller, SellerYear, declared_euros, declared_text, missing
from domain.documents import FRANCE, Company, grouped
from domain.opening_hours import PARIS

TEMPLATE = (Path(__file__).parent / "yearly_statement.typ").read_bytes()
QUARTERS = ("Janvier à mars", "Avril à juin", "Juillet à septembre", "Octobre à décembre")
DECLARED = "Sommes déclarées à l’administration fiscale"
PROVISIONAL = "Provisoire : l’année n’est pas terminée"
NONE, ASKED = "–", "à nous communiquer"
COUNTRIES = {FRANCE: "France"}


def yearly_statement_pdf(company: Company, seller_year: SellerYear, year: int, made_at: datetime) -> bytes:
    """The statement, as PDF/A-3 dated `made_at`; the same arguments give the same bytes. What is missing of
    the technician is asked for on it. Raises `typst.TypstError`."""
    return set_page(TEMPLATE, _words(company, seller_year, year, made_at), made_at)


def _words(company: Company, one: SellerYear, year: int, made_at: datetime) -> dict[str, Any]:
    """All that is printed on the page."""
    total = one.total
    provisional = made_at.astimezone(PARIS).year <= year
    return {
        "title": f"Récapitulatif annuel {year}",
        "heading": "Récapitulatif annuel",
        "subheading": PROVISIONAL if provisional else DECLARED,
        "seller": {"label": "Opérateur de plateforme", **_company(company)},
        "references": [
            ["Année", str(year)],
            ["Établi le", numeric(made_at.astimezone(PARIS).date())],
            ["Activité", "Services personnels"],
        ],
        "identity": {"label": "Prestataire, tel que déclaré", "rows": _identity(one.seller)},
        "columns": ["Trimestre", "Interventions", "Frais retenus", "Montant versé", "Montant déclaré"],
        "lines": [
            [label, *_cells(quarter, declared_euros(quarter.consideration_cents))]
            for label, quarter in zip(QUARTERS, one.quarters, strict=True)
        ],
        "total": [f"Total {year}", *_cells(total, one.declared_euros)],
        "correction": {
            "label": "Une erreur, un changement ?",
            "text": french.typeset(
                mentions.STATEMENT_CORRECTION.filled(
                    mail=company.mail, phone=company.phone.replace(" ", french.NBSP)
                ).text
            ),
        },
        "mentions": [french.typeset(text) for text in _mentions(company, one.seller, year)],
        "footer": french.typeset(f"{company.name}, {company.legal.text}"),
    }


def _company(company: Company) -> dict[str, Any]:
    lines = [
        company.street,
        f"{company.postal_code} {company.city}",
        f"SIREN {grouped(company.siren)}",
        f"N° TVA {company.vat_number}",
    ]
    return {"name": french.one_line(company.name), "lines": [french.typeset(line) for line in lines]}


def _identity(seller: Seller) -> list[dict[str, Any]]:
    """What the declaration says of them, row by row, and whether it is still to be given."""
    lacks = missing(seller)
    address = [NONE]
    if seller.address is not None:
        place = f"{seller.address.postal_code} {seller.address.city}"
        address = [declared_text(seller.address.street), declared_text(place)]
    rows: list[tuple[Missing | None, str, list[str]]]
    if seller.is_entity:
        rows = [
            (Missing.NAME, "Dénomination", [declared_text(seller.name)]),
            (Missing.SIREN, "SIREN", [grouped(_compact(seller.siren))]),
        ]
    else:
        born = "" if seller.birth_date is None else numeric(seller.birth_date)
        rows = [
            (Missing.LAST_NAME, "Nom", [declared_text(seller.last_name)]),
            (Missing.FIRST_NAME, "Prénom", [declared_text(seller.first_name)]),
            (Missing.BIRTH_DATE, "Date de naissance", [born]),
            (Missing.TAX_ID, "Numéro fiscal", [declared_text(seller.tax_id)]),
        ]
    rows += [
        (None, "Numéro de TVA", [_compact(seller.vat_number)]),
        (Missing.ADDRESS, "Adresse", address),
        (None, "Résidence fiscale", [COUNTRIES.get(seller.country, seller.country)]),
        (None, "Compte bancaire", [_iban(seller.iban)]),
    ]
    return [
        {"label": label, "lines": [ASKED], "asked": True}
        if code in lacks
        else {"label": label, "lines": [line or NONE for line in lines], "asked": False}
        for code, label, lines in rows
    ]


def _cells(totals: QuarterTotals, declared: int) -> list[str]:
    return [
        _whole(totals.activities),
        french.euros(totals.fees_cents),
        french.euros(totals.consideration_cents),
        f"{_whole(declared)}{french.NBSP}€",
    ]


def _whole(count: int) -> str:
    """`1 525`."""
    return f"{count:,}".replace(",", french.NARROW_NBSP).replace("-", "−")


def _iban(iban: str | None) -> str:
    """In fours, as people read it: `FR76 3000 6000 …`."""
    whole = _compact(iban)
    return french.NBSP.join(whole[start : start + 4] for start in range(0, len(whole), 4))


def _compact(number: str | None) -> str:
    return "".join(declared_text(number).split())


def _mentions(company: Company, seller: Seller, year: int) -> list[str]:
    due = mentions.YEARLY_STATEMENT.filled(operator=company.name, year=str(year)).text
    said = [due, mentions.DECLARED_AMOUNTS.text, mentions.OWN_DECLARATIONS.text]
    if not seller.is_entity:
        said[0] += f" {mentions.DATA_TRANSFER.text}"
    return said
