"""Who issues the documents: what French law wants a company to say of itself on each of them."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.fr import siren, tva

from deploy.setting_values import MailAddress, refusal
from domain.bank_transfers import Account
from domain.documents import Company
from domain.errors import Refused
from domain.iban import normalised_iban

NARROW_NBSP = "\N{NARROW NO-BREAK SPACE}"


def _one_line(text: str) -> str:
    if not text.strip() or not all(character.isprintable() for character in text):
        raise refusal("doit tenir sur une ligne")
    return text.strip()


def _siren(text: str) -> str:
    try:
        return str(siren.validate(text))
    except InvalidNumber:
        raise refusal("n'est pas un SIREN : 9 chiffres, dont une clé") from None


def _vat_number(text: str) -> str:
    try:
        return f"FR{tva.validate(text)}"
    except InvalidNumber:
        raise refusal("n'est pas un numéro de TVA français : FR, une clé, le SIREN") from None


def _share_capital(text: str) -> str:
    """Whole euros, as printed: `10 000`."""
    digits = re.sub(r"\s", "", text)
    if not digits.isascii() or not digits.isdigit():
        raise refusal("doit être un nombre entier d'euros")
    return f"{int(digits):,}".replace(",", NARROW_NBSP)


def _postal_code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{5}", text):
        raise refusal("compte 5 chiffres")
    return text


def _iban(text: str) -> str:
    try:
        return normalised_iban(text)
    except Refused:
        raise refusal("n'est pas un IBAN de la zone SEPA") from None


OneLine = Annotated[str, AfterValidator(_one_line)]


class CompanySettings(BaseModel):
    """`COMPANY_TRADE_REGISTER` is the register and its town (`RCS Nantes`); `COMPANY_MEDIATOR` the name and
    the address of the mediator of consumption, left out where there is none; `COMPANY_IBAN` the account that
    technicians are paid from through a bank, left out where none is."""

    company_name: OneLine = Field(validation_alias="COMPANY_NAME", max_length=120)
    company_legal_form: OneLine = Field(validation_alias="COMPANY_LEGAL_FORM", max_length=80)
    company_share_capital: Annotated[str, AfterValidator(_share_capital)] = Field(
        validation_alias="COMPANY_SHARE_CAPITAL"
    )
    company_street: OneLine = Field(validation_alias="COMPANY_STREET", max_length=120)
    company_postal_code: Annotated[str, AfterValidator(_postal_code)] = Field(
        validation_alias="COMPANY_POSTAL_CODE"
    )
    company_city: OneLine = Field(validation_alias="COMPANY_CITY", max_length=80)
    company_siren: Annotated[str, AfterValidator(_siren)] = Field(validation_alias="COMPANY_SIREN")
    company_vat_number: Annotated[str, AfterValidator(_vat_number)] = Field(
        validation_alias="COMPANY_VAT_NUMBER"
    )
    company_trade_register: OneLine = Field(validation_alias="COMPANY_TRADE_REGISTER", max_length=80)
    company_mail: MailAddress = Field(validation_alias="COMPANY_MAIL")
    company_phone: OneLine = Field(validation_alias="COMPANY_PHONE", max_length=30)
    company_mediator: OneLine | None = Field(
        default=None, validation_alias="COMPANY_MEDIATOR", max_length=300
    )

    company_iban: Annotated[str, AfterValidator(_iban)] | None = Field(
        default=None, validation_alias="COMPANY_IBAN"
    )

    @field_validator("company_vat_number")
    @classmethod
    def _is_of_this_company(cls, number: str, info: ValidationInfo) -> str:
        # Without a SIREN that one is told, not this.
        if number[4:] != info.data.get("company_siren", number[4:]):
            raise refusal("n'est pas celui de COMPANY_SIREN")
        return number

    @property
    def bank_account(self) -> Account | None:
        return Account(self.company_name, self.company_iban) if self.company_iban is not None else None

    @property
    def company(self) -> Company:
        return Company(
            name=self.company_name,
            legal_form=self.company_legal_form,
            capital=self.company_share_capital,
            street=self.company_street,
            postal_code=self.company_postal_code,
            city=self.company_city,
            siren=self.company_siren,
            vat_number=self.company_vat_number,
            trade_register=self.company_trade_register,
            mail=self.company_mail,
            phone=self.company_phone,
            mediator=self.company_mediator,
        )
