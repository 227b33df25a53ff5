"""A year's declaration as finance reads it before it is sent."""

from datetime import date
from typing import Any

from pydantic import ConfigDict

from api import french
from api.shapes.common import Labelled, Named, Shape
from domain.dac7 import QuarterTotals, SellerYear, declared_euros, is_declared, missing
from domain.declared_years import DeclaredYear


class PaidTotals(Shape):
    """`paid_cents` is what was transferred, VAT included, `fees_cents` what the platform kept, `activities`
    how many sessions were paid. `declared_euros` are whole euros: each quarter is rounded by itself."""

    paid_cents: int
    fees_cents: int
    activities: int
    declared_euros: int


class SellerView(Shape):
    """One technician's year. `declared` is false of one whose every quarter comes to nothing; `missing` is
    what must be known of them before the declaration can be sent. `statement` is what they are told."""

    technician: Named
    is_company: bool
    declared: bool
    quarters: list[PaidTotals]
    total: PaidTotals
    missing: list[Labelled]
    statement: str | None


QUARTER_EXAMPLE: dict[str, Any] = {
    "paid_cents": 161650,
    "fees_cents": 0,
    "activities": 101,
    "declared_euros": 1617,
}
NOTHING_EXAMPLE = dict.fromkeys(QUARTER_EXAMPLE, 0)
TECHNICIAN = "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12"
YEAR_EXAMPLE: dict[str, Any] = {
    "year": 2026,
    "due_on": "2027-01-31",
    "provisional": False,
    "complete": False,
    "sellers": [
        {
            "technician": {"id": TECHNICIAN, "name": "Thomas Leroy"},
            "is_company": False,
            "declared": True,
            "quarters": [QUARTER_EXAMPLE, NOTHING_EXAMPLE, NOTHING_EXAMPLE, NOTHING_EXAMPLE],
            "total": QUARTER_EXAMPLE,
            "missing": [{"code": "tax_id", "label": "numéro fiscal"}],
            "statement": f"/v1/declarations/2026/statements/{TECHNICIAN}.pdf",
        }
    ],
    "erased": [],
}


class DeclarationView(Shape):
    """Everybody who was paid in the year, Paris time. While the year lasts it is `provisional`; once it is
    `complete` the file can be made. `erased` are the ids of technicians who were paid in it and have left
    since: their part was due before, is in no file made now, and who they were is in the archive only."""

    year: int
    due_on: date
    provisional: bool
    complete: bool
    sellers: list[SellerView]
    erased: list[str]

    model_config = ConfigDict(json_schema_extra={"examples": [YEAR_EXAMPLE]})


def declaration_view(declared: DeclaredYear, names: dict[str, str]) -> DeclarationView:
    return DeclarationView(
        year=declared.year,
        due_on=declared.due_on,
        provisional=declared.is_provisional,
        complete=not declared.incomplete,
        sellers=[_seller(declared.year, one, names.get(one.seller.id, "")) for one in declared.sellers],
        erased=list(declared.erased),
    )


def _seller(year: int, one: SellerYear, name: str) -> SellerView:
    declared = is_declared(one)
    return SellerView(
        technician=Named(id=one.seller.id, name=name),
        is_company=one.seller.is_entity,
        declared=declared,
        quarters=[_totals(quarter, declared_euros(quarter.consideration_cents)) for quarter in one.quarters],
        total=_totals(one.total, one.declared_euros),
        missing=[Labelled(code=code, label=french.DECLARED_FACTS[code]) for code in missing(one.seller)],
        statement=f"/v1/declarations/{year}/statements/{one.seller.id}.pdf" if declared else None,
    )


def _totals(totals: QuarterTotals, euros: int) -> PaidTotals:
    return PaidTotals(
        paid_cents=totals.consideration_cents,
        fees_cents=totals.fees_cents,
        activities=totals.activities,
        declared_euros=euros,
    )
