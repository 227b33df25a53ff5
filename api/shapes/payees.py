"""Technicians as those who are paid: what is set, and what is shown of it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, cast

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from api import french, french_accounts
from api.formats import Body, OneName, PersonName, wrong
from api.payee_formats import BirthDate, City, Iban, PostalCode, Siren, Street, TaxNumber, VatNumber
from api.shapes.common import Labelled, Moment, Shape
from db.models.payees import Payee
from db.stores.payees import DeclaredFacts, Identity
from domain.payees import MANDATE, Hold, Rail, account_stage

DECLARED_FACTS = set(DeclaredFacts.__optional_keys__)
PAYEE_EXAMPLE: dict[str, Any] = {
    "technician_id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b12",
    "legal_name": "Thomas Leroy EI",
    "siren": "732829320",
    "vat_number": None,
    "street": "12 rue des Lilas",
    "postal_code": "69003",
    "city": "Lyon",
    "is_company": False,
    "first_name": "Thomas",
    "last_name": "Leroy",
    "birth_date": "1987-07-31",
    "tax_number": "… 0053",
    "mandate": MANDATE,
    "mandate_signed_at": "2026-01-05T09:00:00+01:00",
    "vigilance_until": "2027-05-31",
    "bank": {"rail": {"code": "stripe", "label": "virement par Stripe"}, "iban": None},
    "bank_change": None,
    "account_ready": False,
    "account_missing": "external_account, tos_acceptance.date, tos_acceptance.ip",
    "account": {
        "code": "to_complete",
        "label": "à compléter, sur la page que le technicien demande depuis son espace",
    },
    "account_asks": [
        {"code": "external_account", "label": "compte bancaire (IBAN)"},
        {"code": "tos_acceptance", "label": "acceptation des conditions du prestataire de paiement"},
    ],
    "holds": [{"code": "account_incomplete", "label": "compte de paiement à compléter"}],
}


class IdentityAsked(Body):
    """As on the register of companies. Without a VAT number the technician is in franchise of VAT.

    The last five are for the yearly declaration: whether it is a company (`is_company`) or a person, and a
    person's names, birth date and tax number (« numéro fiscal », 13 digits). What is not given of them stays
    as it is; null takes it back.
    """

    legal_name: PersonName
    siren: Siren
    vat_number: VatNumber | None = None
    street: Street
    postal_code: PostalCode
    city: City
    is_company: bool | None = None
    first_name: OneName | None = None
    last_name: OneName | None = None
    birth_date: BirthDate | None = None
    tax_number: TaxNumber | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "legal_name": "Thomas Leroy EI",
                    "siren": "732829320",
                    "vat_number": None,
                    "street": "12 rue des Lilas",
                    "postal_code": "69003",
                    "city": "Lyon",
                    "is_company": False,
                    "first_name": "Thomas",
                    "last_name": "Leroy",
                    "birth_date": "1987-07-31",
                    "tax_number": "30 23 217 600 053",
                }
            ]
        }
    )

    @property
    def identity(self) -> Identity:
        return Identity(**self.model_dump(exclude=DECLARED_FACTS))

    @property
    def declared(self) -> DeclaredFacts:
        """Those that are given."""
        return cast(DeclaredFacts, self.model_dump(include=DECLARED_FACTS, exclude_unset=True))


class MandateSigned(Body):
    """`version` is that of the text that was shown, and must be the one in force."""

    version: Annotated[str, StringConstraints(max_length=32)]

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": MANDATE}]})


class PapersAsked(Body):
    """The last day on which the certificate of vigilance counts; null takes it back."""

    vigilance_until: date | None

    model_config = ConfigDict(
        strict=False, json_schema_extra={"examples": [{"vigilance_until": "2027-05-31"}]}
    )


class BankAsked(Body):
    """`iban` with the rail `sepa`, and only with that."""

    rail: Rail = Field(strict=False)
    iban: Iban | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"rail": "sepa", "iban": "FR14 2004 1010 0505 0001 3M02 606"}]}
    )

    @model_validator(mode="after")
    def _fitting(self) -> "BankAsked":
        if (self.rail is Rail.SEPA) != (self.iban is not None):
            raise wrong("iban_with_sepa")
        return self


class AccountPage(Shape):
    """`url` can be followed once, and until `expires_at`. Whoever has it may complete the account: lead the
    technician there at once, and keep it nowhere."""

    url: str
    expires_at: Moment

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "url": "https://connect.stripe.com/setup/c/acct_1Mt0CORHFI4mz9Rw/TqckGNUHg2mG",
                    "expires_at": "2026-11-23T16:15:00+01:00",
                }
            ]
        }
    )


class BankView(Shape):
    """Of an IBAN only its end is shown."""

    rail: Labelled
    iban: str | None


class BankChange(BankView):
    asked_at: Moment


class PayeeView(Shape):
    """`holds` is what keeps money back now, what must be mended first comes first. `account_missing` are the
    provider's own words for what it asks of the account, `account_asks` the same for people. `account` is how
    far it is (`to_open`, `to_complete`, `checked`, `ready`), null for who is paid otherwise; in the first two
    the technician is to ask for the provider's page, and may in any. Of a tax number only its end is seen."""

    technician_id: str
    legal_name: str | None
    siren: str | None
    vat_number: str | None
    street: str | None
    postal_code: str | None
    city: str | None
    is_company: bool | None
    first_name: str | None
    last_name: str | None
    birth_date: date | None
    tax_number: str | None
    mandate: str | None
    mandate_signed_at: Moment | None
    vigilance_until: date | None
    bank: BankView
    bank_change: BankChange | None
    account_ready: bool
    account_missing: str | None
    account: Labelled | None
    account_asks: list[Labelled]
    holds: list[Labelled]

    model_config = ConfigDict(json_schema_extra={"examples": [PAYEE_EXAMPLE]})


def payee_view(payee: Payee, holds: Sequence[Hold]) -> PayeeView:
    change = None
    if payee.wanted_rail is not None and payee.wanted_at is not None:
        change = BankChange(
            rail=_rail(payee.wanted_rail), iban=_end_of(payee.wanted_iban), asked_at=payee.wanted_at
        )
    return PayeeView(
        technician_id=payee.technician_id,
        legal_name=payee.legal_name,
        siren=payee.siren,
        vat_number=payee.vat_number,
        street=payee.street,
        postal_code=payee.postal_code,
        city=payee.city,
        is_company=payee.is_company,
        first_name=payee.first_name,
        last_name=payee.last_name,
        birth_date=payee.birth_date,
        tax_number=f"… {payee.tax_number[-4:]}" if payee.tax_number is not None else None,
        mandate=payee.mandate,
        mandate_signed_at=payee.mandate_signed_at,
        vigilance_until=payee.vigilance_until,
        bank=BankView(rail=_rail(payee.rail), iban=_end_of(payee.iban)),
        bank_change=change,
        account_ready=payee.account_ready,
        account_missing=payee.account_missing,
        account=_account(payee, holds),
        account_asks=_account_asks(payee),
        holds=[hold_view(hold) for hold in holds],
    )


def hold_view(hold: Hold) -> Labelled:
    return Labelled(code=hold, label=french.PAYOUT_FAILURES[hold])


def _account(payee: Payee, holds: Sequence[Hold]) -> Labelled | None:
    if payee.rail is not Rail.STRIPE:
        return None
    stage = account_stage(
        exists=Hold.ACCOUNT_MISSING not in holds,
        ready=payee.account_ready,
        missing=payee.account_missing is not None,
    )
    return Labelled(code=stage, label=french_accounts.STAGES[stage])


def _account_asks(payee: Payee) -> list[Labelled]:
    if payee.rail is not Rail.STRIPE or payee.account_missing is None:
        return []
    names = payee.account_missing.split(", ")
    return [Labelled(code=code, label=label) for code, label in french_accounts.asked(names).items()]


def _rail(rail: Rail) -> Labelled:
    return Labelled(code=rail, label=french.RAILS[rail])


def _end_of(iban: str | None) -> str | None:
    return f"{iban[:4]} … {iban[-4:]}" if iban is not None else None
