"""The yearly declaration of what a platform's sellers were paid (DAC7), for the French tax office.

Sources: directive (UE) 2021/514 (« DAC 7 »), in France CGI, art. 1649 ter A to 1649 ter E; what is declared:
CGI, annexe III, art. 344 G terdecies, commented in BOI-INT-AEA-30-40. It is due by 31 January of the next
year, and so is, to each seller, what is declared of them (art. 1649 ter A, III and 1649 ter D, III).

What was paid belongs to the quarter of its payment, Paris time. Amounts are integer euro cents here and whole
euros in the declaration: the schema's `MonAmnt_Type` is an integer "in full units, i.e. without decimals".
Technicians sell services (`PersonalServices`), to which no threshold applies.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.documents import Address, Company
from domain.french import one_line
from domain.money import half_up
from domain.opening_hours import PARIS

# What the schema holds of one text, and of the id of a message.
MAX_TEXT, MAX_MESSAGE_REFERENCE = 200, 88
# The characters of the schema's ids.
IDENTIFIER = re.compile(r"[0-9A-Za-z+\-.:=_]+")


class Missing(StrEnum):
    """What finance must still ask a seller for."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    BIRTH_DATE = "birth_date"
    TAX_ID = "tax_id"
    SIREN = "siren"
    ADDRESS = "address"


@dataclass(frozen=True)
class Seller:
    """A technician as they are declared: a company (`is_entity`) by its `name` and `siren`, a person by first
    and last name, birth date and `tax_id` (in France the 13 digits of the « numéro fiscal »). `country` is
    where they pay taxes (ISO 3166, two letters), `iban` the account they are paid on."""

    id: str
    name: str
    first_name: str | None
    last_name: str | None
    birth_date: date | None
    siren: str | None
    vat_number: str | None
    tax_id: str | None
    address: Address | None
    country: str
    iban: str | None
    is_entity: bool


@dataclass(frozen=True)
class Payment:
    """One transfer to a seller, VAT included, for so many interventions; negative when it came back."""

    paid_at: datetime
    amount_cents: int
    activities: int


@dataclass(frozen=True)
class QuarterTotals:
    """What was paid in a quarter (`consideration_cents`), without what the platform kept (`fees_cents`)."""

    consideration_cents: int
    fees_cents: int
    activities: int


Quarters = tuple[QuarterTotals, QuarterTotals, QuarterTotals, QuarterTotals]


@dataclass(frozen=True)
class SellerYear:
    seller: Seller
    quarters: Quarters

    @property
    def total(self) -> QuarterTotals:
        return QuarterTotals(
            sum(quarter.consideration_cents for quarter in self.quarters),
            sum(quarter.fees_cents for quarter in self.quarters),
            sum(quarter.activities for quarter in self.quarters),
        )

    @property
    def declared_euros(self) -> int:
        """What is declared are the quarters: their sum, and not a rounding of the year's."""
        return sum(declared_euros(quarter.consideration_cents) for quarter in self.quarters)


@dataclass(frozen=True)
class Declaration:
    """All sellers of a year, sent at once. `message_id` tells this sending from any other of the year.

    Raises `ValueError` for an id that the schema has no room for, and for a seller who is there twice.
    """

    year: int
    operator: Company
    message_id: str
    made_at: datetime
    sellers: tuple[SellerYear, ...]

    def __post_init__(self) -> None:
        ids = [one.seller.id for one in self.sellers]
        if len(set(ids)) != len(ids):
            raise ValueError(f"{self.message_id}: a seller is declared twice")
        if len(self.reference) > MAX_MESSAGE_REFERENCE:
            raise ValueError(f"{self.message_id}: too long an id")
        for identifier in (self.message_id, *ids):
            if not IDENTIFIER.fullmatch(identifier):
                raise ValueError(f"{identifier!r}: not an id of the schema's characters")

    @property
    def records(self) -> str:
        """What the ids of all that is declared for the year begin with, whichever message brings it: a record
        sent twice is then refused, and not counted twice."""
        return f"OP_{self.year}_{self.operator.siren}"

    @property
    def reference(self) -> str:
        return f"{self.records}_{self.message_id}"


def quarters(year: int, payments: Iterable[Payment]) -> Quarters:
    """What was paid in each quarter of the year, Paris time; payments of other years are left out. Nothing is
    kept from technicians, so there are no fees."""
    amounts, activities = [0, 0, 0, 0], [0, 0, 0, 0]
    for payment in payments:
        paid_at = payment.paid_at.astimezone(PARIS)
        if paid_at.year == year:
            amounts[(paid_at.month - 1) // 3] += payment.amount_cents
            activities[(paid_at.month - 1) // 3] += payment.activities
    first, second, third, fourth = (
        QuarterTotals(amount, 0, count) for amount, count in zip(amounts, activities, strict=True)
    )
    return first, second, third, fourth


def declared_euros(cents: int) -> int:
    """An amount as it is declared: whole euros, half up. Each amount is rounded by itself."""
    return half_up(cents, 100)


def is_declared(one: SellerYear) -> bool:
    """Whether the seller goes into the declaration: the tax office refuses one who got nothing in the year
    (cahier des charges DPI-DAC7, second-level rule 2)."""
    return any(declared_euros(quarter.consideration_cents) > 0 for quarter in one.quarters)


def missing(seller: Seller) -> tuple[str, ...]:
    """What a complete declaration of them lacks, in the order of `Missing`; nothing when it can be sent.

    Of a person: names, birth date, tax number and address; of a company: name, SIREN and address. The VAT
    number is declared of those who have one, and the account where the operator knows it (CGI, annexe III,
    art. 344 G terdecies, I).
    """
    lacks = {Missing.ADDRESS: not _is_whole(seller.address)}
    if seller.is_entity:
        lacks |= {
            Missing.NAME: not declared_text(seller.name),
            Missing.SIREN: not declared_text(seller.siren),
        }
    else:
        lacks |= {
            Missing.FIRST_NAME: not declared_text(seller.first_name),
            Missing.LAST_NAME: not declared_text(seller.last_name),
            Missing.BIRTH_DATE: seller.birth_date is None,
            Missing.TAX_ID: not declared_text(seller.tax_id),
        }
    return tuple(code for code in Missing if lacks.get(code))


def declared_text(said: str | None) -> str:
    """A text as the declaration can hold it: in one line, and no longer than the schema allows."""
    return one_line(said or "")[:MAX_TEXT].rstrip()


def _is_whole(address: Address | None) -> bool:
    return address is not None and all(
        map(declared_text, (address.street, address.postal_code, address.city))
    )
