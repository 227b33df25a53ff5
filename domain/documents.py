"""A document of record, described in our own words: an invoice, a credit note, a self-billed invoice.

All that is printed on it is in here, so that it can be frozen with it. Amounts are integer euro cents, rates
basis points, dates Paris days.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain import mentions
from domain.mentions import Mention
from domain.money import BASIS_POINTS, Price, half_up

FRANCE = "FR"


class DocumentKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    SELF_BILLED = "self_billed"


class PaymentMeans(StrEnum):
    CARD = "card"
    TRANSFER = "transfer"


def grouped(siren: str) -> str:
    """As it is read: `123 456 782`, unbreakable."""
    return "\N{NO-BREAK SPACE}".join((siren[:3], siren[3:6], siren[6:]))


@dataclass(frozen=True)
class Address:
    street: str
    postal_code: str
    city: str


@dataclass(frozen=True)
class Party:
    """A seller or a buyer. A consumer has a name and a country; `siren` tells a professional."""

    name: str
    address: Address | None = None
    siren: str | None = None
    vat_number: str | None = None
    legal: str | None = None
    mail: str | None = None
    phone: str | None = None
    country: str = FRANCE


@dataclass(frozen=True)
class Company:
    """Us, as the law wants a company to name itself. `capital` is as printed, in euros; `trade_register`
    is the register and its town."""

    name: str
    legal_form: str
    capital: str
    street: str
    postal_code: str
    city: str
    siren: str
    vat_number: str
    trade_register: str
    mail: str
    phone: str
    mediator: str | None = None

    @property
    def legal(self) -> Mention:
        return mentions.COMPANY.filled(
            form=self.legal_form,
            capital=self.capital,
            siren=grouped(self.siren),
            register=self.trade_register,
        )

    @property
    def party(self) -> Party:
        return Party(
            name=self.name,
            address=Address(self.street, self.postal_code, self.city),
            siren=self.siren,
            vat_number=self.vat_number,
            legal=self.legal.text,
            mail=self.mail,
            phone=self.phone,
        )


@dataclass(frozen=True)
class Line:
    """`slices` of `slice_minutes` at a price each, VAT excluded; negative slices take back. `unit_ttc_cents`
    is what a consumer was told. `minutes` are those counted; None where no duration is behind the line."""

    title: str
    performed_on: date
    ticket: str
    slices: int
    slice_minutes: int
    unit_ht_cents: int
    total_ht_cents: int
    minutes: int | None = None
    unit_ttc_cents: int | None = None


@dataclass(frozen=True)
class Preceding:
    """The invoice that a credit note corrects."""

    number: str
    issued_on: date


@dataclass(frozen=True)
class Document:
    """One document, whole. `vat_bp` is None for a seller who charges no VAT.

    Raises `ValueError` where the amounts do not add up: such a document must never be made.
    """

    kind: DocumentKind
    number: str
    issued_on: date
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    vat_bp: int | None
    total_ht_cents: int
    total_vat_cents: int
    total_ttc_cents: int
    payment: PaymentMeans
    mentions: tuple[Mention, ...]
    preceding: Preceding | None = None

    def __post_init__(self) -> None:
        if not self.lines or any(
            line.slices * line.unit_ht_cents != line.total_ht_cents for line in self.lines
        ):
            raise ValueError(f"{self.number}: a line is not its quantity times its price")
        if sum(line.total_ht_cents for line in self.lines) != self.total_ht_cents:
            raise ValueError(f"{self.number}: the lines do not add up to the total")
        vat = half_up(self.total_ht_cents * (self.vat_bp or 0), BASIS_POINTS)
        if self.total_vat_cents != vat or self.total_ht_cents + vat != self.total_ttc_cents:
            raise ValueError(f"{self.number}: the VAT does not follow from the total")
        if (self.kind is DocumentKind.CREDIT_NOTE) != (self.preceding is not None):
            raise ValueError(f"{self.number}: a credit note, and nothing else, corrects an invoice")

    @property
    def performed_on(self) -> tuple[date, date]:
        """The first and the last day of what is billed."""
        days = [line.performed_on for line in self.lines]
        return min(days), max(days)


def invoice(
    company: Company, client: Party, line: Line, totals: Price, *, number: str, issued_on: date, vat_bp: int
) -> Document:
    """What a client is billed for one ticket. Raises `ValueError` where the amounts do not add up."""
    return Document(
        kind=DocumentKind.INVOICE,
        number=number,
        issued_on=issued_on,
        seller=company.party,
        buyer=client,
        lines=(line,),
        vat_bp=vat_bp,
        total_ht_cents=totals.ht_cents,
        total_vat_cents=totals.vat_cents,
        total_ttc_cents=totals.ttc_cents,
        payment=PaymentMeans.CARD,
        mentions=(
            mentions.CARD_IS_CHARGED,
            mentions.CATEGORY,
            mentions.PLACE,
            mentions.VAT_ON_COLLECTION,
            *_of_company(company),
        ),
    )


def credit_note(
    company: Company,
    client: Party,
    line: Line,
    totals: Price,
    preceding: Preceding,
    *,
    number: str,
    issued_on: date,
    vat_bp: int,
) -> Document:
    """What is no longer owed of an invoice: positive amounts, its kind says which way they go."""
    corrects = mentions.CORRECTS.filled(
        invoice=preceding.number, date=preceding.issued_on.strftime("%d/%m/%Y")
    )
    return Document(
        kind=DocumentKind.CREDIT_NOTE,
        number=number,
        issued_on=issued_on,
        seller=company.party,
        buyer=client,
        lines=(line,),
        vat_bp=vat_bp,
        total_ht_cents=totals.ht_cents,
        total_vat_cents=totals.vat_cents,
        total_ttc_cents=totals.ttc_cents,
        payment=PaymentMeans.CARD,
        mentions=(
            corrects,
            mentions.CATEGORY,
            mentions.PLACE,
            mentions.VAT_ON_COLLECTION,
            *_of_company(company),
        ),
        preceding=preceding,
    )


def self_billed(
    company: Company,
    technician: Party,
    lines: tuple[Line, ...],
    *,
    number: str,
    issued_on: date,
    vat_bp: int | None,
) -> Document:
    """What a technician sells to us, written by us for them. `number` is of the technician's own series;
    `vat_bp` is None for one in franchise of VAT."""
    if vat_bp is not None and technician.vat_number is None:
        raise ValueError(f"{number}: VAT without a VAT number")
    ht_cents = sum(line.total_ht_cents for line in lines)
    vat_cents = half_up(ht_cents * (vat_bp or 0), BASIS_POINTS)
    return Document(
        kind=DocumentKind.SELF_BILLED,
        number=number,
        issued_on=issued_on,
        seller=technician,
        buyer=company.party,
        lines=lines,
        vat_bp=vat_bp,
        total_ht_cents=ht_cents,
        total_vat_cents=vat_cents,
        total_ttc_cents=ht_cents + vat_cents,
        payment=PaymentMeans.TRANSFER,
        mentions=(
            mentions.SELF_BILLING,
            mentions.ISSUED_FOR.filled(buyer=company.name, seller=technician.name),
            mentions.CONTESTABLE,
            mentions.CATEGORY,
            mentions.FRANCHISE if vat_bp is None else mentions.VAT_ON_COLLECTION,
            mentions.TRANSFERRED,
            mentions.NO_DISCOUNT,
            mentions.PENALTIES,
            mentions.RECOVERY,
        ),
    )


def _of_company(company: Company) -> tuple[Mention, ...]:
    if company.mediator is None:
        return ()
    return (mentions.MEDIATOR.filled(mediator=company.mediator),)
