"""How a technician's identity and bank are written: the types of the fields that say them."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from stdnum.exceptions import ValidationError
from stdnum.fr import nif as tax_number_rule
from stdnum.fr import siren as siren_rule
from stdnum.fr import tva as vat_rule

from api.formats import one_line, without_secrets, wrong
from domain.errors import Refused
from domain.iban import normalised_iban

FIRST_BIRTH, LAST_BIRTH = date(1920, 1, 1), date(2015, 12, 31)


def _siren(text: str) -> str:
    try:
        return str(siren_rule.validate(text))
    except ValidationError:
        raise wrong("not_a_siren") from None


def _vat_number(text: str) -> str:
    try:
        return f"FR{vat_rule.validate(text)}"
    except ValidationError:
        raise wrong("not_a_vat_number") from None


def _tax_number(text: str) -> str:
    try:
        return str(tax_number_rule.validate(text))
    except ValidationError:
        raise wrong("not_a_tax_number") from None


def _birth_date(day: date) -> date:
    # Another century, or a child, cannot be meant.
    if not FIRST_BIRTH <= day <= LAST_BIRTH:
        raise wrong("not_a_birth_date")
    return day


def _iban(text: str) -> str:
    try:
        return normalised_iban(text)
    except Refused as refused:
        raise wrong(refused.code) from None


Siren = Annotated[
    str, StringConstraints(max_length=20), AfterValidator(_siren), Field(examples=["732829320"])
]
VatNumber = Annotated[
    str, StringConstraints(max_length=20), AfterValidator(_vat_number), Field(examples=["FR44732829320"])
]
TaxNumber = Annotated[
    str, StringConstraints(max_length=30), AfterValidator(_tax_number), Field(examples=["30 23 217 600 053"])
]
BirthDate = Annotated[date, Field(strict=False, examples=["1987-07-31"]), AfterValidator(_birth_date)]
Iban = Annotated[
    str,
    StringConstraints(max_length=42),
    AfterValidator(_iban),
    Field(examples=["FR14 2004 1010 0505 0001 3M02 606"]),
]
Street = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(one_line),
    AfterValidator(without_secrets),
]
City = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(one_line),
    AfterValidator(without_secrets),
]
PostalCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]
