"""One document of each kind, and what a program reads from it."""

from dataclasses import replace
from datetime import UTC, date, datetime

from lxml import etree

from domain import documents
from domain.documents import Address, Document, Line, Party, Preceding
from domain.money import Price, price_from_ttc
from tests.support.company import A_COMPANY

MADE_AT = datetime(2026, 11, 27, 9, 30, 15, 250_000, tzinfo=UTC)
SESSION_DAY, ISSUED_ON = date(2026, 11, 24), date(2026, 11, 27)
TECHNICIAN = Party(
    name="Thomas Leroy",
    address=Address("12 rue des Lilas", "69003", "Lyon"),
    siren="404833048",
    mail="thomas.leroy@example.fr",
)
LIABLE = Party(TECHNICIAN.name, TECHNICIAN.address, TECHNICIAN.siren, "FR83404833048")


def a_line(slices: int = 2, unit_ttc_cents: int = 1500, minutes: int | None = 25) -> Line:
    unit_ht_cents = price_from_ttc(unit_ttc_cents, 2000).ht_cents
    return Line(
        title="Assistance informatique à distance : Internet et Wi-Fi",
        performed_on=SESSION_DAY,
        ticket="00000420",
        slices=slices,
        slice_minutes=15,
        unit_ht_cents=unit_ht_cents,
        total_ht_cents=slices * unit_ht_cents,
        minutes=minutes,
        unit_ttc_cents=unit_ttc_cents,
    )


def a_gain_line(slices: int = 2, day: int = 24) -> Line:
    """Fewer than none take back."""
    return replace(
        a_line(slices, minutes=15 * slices if slices > 0 else None),
        performed_on=date(2026, 11, day),
        unit_ht_cents=800,
        total_ht_cents=800 * slices,
        unit_ttc_cents=None,
    )


def an_invoice(slices: int = 2, unit_ttc_cents: int = 1500, client: str = "Claire Petit") -> Document:
    return documents.invoice(
        A_COMPANY,
        Party(client),
        a_line(slices, unit_ttc_cents),
        price_from_ttc(slices * unit_ttc_cents, 2000),
        number="F2026-000123",
        issued_on=ISSUED_ON,
        vat_bp=2000,
    )


def a_credit_note(slices: int = 1, unit_ttc_cents: int = 1500) -> Document:
    return documents.credit_note(
        A_COMPANY,
        Party("Claire Petit"),
        a_line(slices, unit_ttc_cents, minutes=None),
        price_from_ttc(slices * unit_ttc_cents, 2000),
        Preceding("F2026-000123", ISSUED_ON),
        number="A2026-000012",
        issued_on=date(2026, 12, 1),
        vat_bp=2000,
    )


def a_self_billed_invoice(vat_bp: int | None = None, lines: tuple[Line, ...] | None = None) -> Document:
    return documents.self_billed(
        A_COMPANY,
        TECHNICIAN if vat_bp is None else LIABLE,
        lines or (a_gain_line(2, 3), a_gain_line(3, 17), a_gain_line(-1, 17)),
        number="T0001-000003",
        issued_on=date(2026, 12, 1),
        vat_bp=vat_bp,
    )


KINDS = {
    "invoice": an_invoice(),
    "credit_note": a_credit_note(),
    "self_billed_in_franchise": a_self_billed_invoice(),
    "self_billed_with_vat": a_self_billed_invoice(2000),
}


def read(xml: bytes, path: str) -> list[str]:
    """The texts at a path of element names, whatever their namespace."""
    steps = "".join(f"/*[local-name()='{step}']" for step in path.split("/"))
    found = etree.fromstring(xml).xpath(f"/*{steps}/text()")
    return [str(text) for text in found]


SETTLEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
SUMMATION = f"{SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation"


def cents(text: str) -> int:
    """Exactly: an amount of other than two decimals is not one of ours."""
    whole, _, rest = text.partition(".")
    assert len(rest) == 2
    return int(whole + rest)


def totals_of(xml: bytes) -> Price:
    """As the XML says them, having checked that it says the same everywhere."""
    [ht], [vat], [ttc] = (
        read(xml, f"{SUMMATION}/{name}")
        for name in ("TaxBasisTotalAmount", "TaxTotalAmount", "GrandTotalAmount")
    )
    lines = read(
        xml,
        "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem/SpecifiedLineTradeSettlement/"
        "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
    )
    assert [ttc] == read(xml, f"{SUMMATION}/DuePayableAmount")
    assert [vat] == read(xml, f"{SETTLEMENT}/ApplicableTradeTax/CalculatedAmount")
    assert sum(cents(line) for line in lines) == cents(ht)
    return Price(cents(ttc), cents(ht), cents(vat))
