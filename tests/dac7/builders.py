"""Two sellers and their year, one a person, one a company."""

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.dac7 import Declaration, Quarters, QuarterTotals, Seller, SellerYear
from domain.documents import Address
from tests.support.company import A_COMPANY

MADE_AT = datetime(2027, 1, 15, 9, 30, 15, 250_000, tzinfo=UTC)
A_PERSON = Seller(
    id="019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b11",
    name="Thomas Leroy",
    first_name="Thomas",
    last_name="Leroy",
    birth_date=date(1987, 7, 31),
    siren="404833048",
    vat_number=None,
    tax_id="30 23 217 600 053",
    address=Address("12 rue des Lilas", "69003", "Lyon"),
    country="FR",
    iban="FR76 3000 6000 0112 3456 7890 189",
    is_entity=False,
)
AN_ENTITY = Seller(
    id="019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12",
    name="Dépannage & Compagnie",
    first_name=None,
    last_name=None,
    birth_date=None,
    siren="123 456 782",
    vat_number="FR11 123456782",
    tax_id=None,
    address=Address("3 place du Marché", "35000", "Rennes"),
    country="FR",
    iban=None,
    is_entity=True,
)
QUARTERS: Quarters = (
    QuarterTotals(161_650, 0, 101),
    QuarterTotals(0, 0, 0),
    QuarterTotals(2_440_049, 0, 1_525),
    QuarterTotals(800, 0, 1),
)
A_YEAR = SellerYear(A_PERSON, QUARTERS)
ANOTHER_YEAR = SellerYear(AN_ENTITY, QUARTERS)


def a_declaration(*sellers: SellerYear) -> Declaration:
    return Declaration(2026, A_COMPANY, "d1", MADE_AT, sellers)


def a_year(**changes: object) -> SellerYear:
    """The person's, with other words in place of theirs."""
    return SellerYear(replace(A_PERSON, **changes), QUARTERS)  # type: ignore[arg-type]
