"""The data inside a document: valid by the rules of EN 16931 and of France, exact to the cent."""

import pytest
from facturx import xml_check_xsd
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.documents.electronic import euros, xml_of
from domain.documents import Document
from domain.money import price_from_ttc
from tests.documents.builders import (
    KINDS,
    SETTLEMENT,
    a_credit_note,
    a_gain_line,
    a_self_billed_invoice,
    an_invoice,
    read,
    totals_of,
)
from tests.documents.schematron import EN_16931, FRENCH, broken_rules

# Asked of invoices between professionals: payment terms, and an address on the platforms of the reform.
BETWEEN_PROFESSIONALS = {
    "BR-FR-05_BT-22_PMT",
    "BR-FR-05_BT-22_PMD",
    "BR-FR-05_BT-22_AAB",
    "BR-FR-12_BT-49",
}


@pytest.mark.parametrize("document", KINDS.values(), ids=KINDS)
def test_every_kind_is_valid(document: Document) -> None:
    xml = xml_of(document)
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert broken_rules(xml, EN_16931) == set()
    to_a_consumer = document.buyer.siren is None
    assert broken_rules(xml, FRENCH) == (BETWEEN_PROFESSIONALS if to_a_consumer else set())


def test_the_rules_would_tell_a_wrong_total() -> None:
    right, wrong = b"<ram:GrandTotalAmount>30.00", b"<ram:GrandTotalAmount>30.01"
    assert broken_rules(xml_of(an_invoice()).replace(right, wrong), EN_16931) == {"BR-CO-15", "BR-CO-16"}


def test_each_says_what_it_is_and_between_whom() -> None:
    said = {}
    for name, document in KINDS.items():
        xml, parties = xml_of(document), "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
        said[name] = [
            *read(xml, "ExchangedDocument/TypeCode"),
            *read(xml, "ExchangedDocument/ID"),
            *read(xml, f"{parties}/SellerTradeParty/Name"),
            *read(xml, f"{parties}/BuyerTradeParty/Name"),
            *read(xml, f"{SETTLEMENT}/ApplicableTradeTax/CategoryCode"),
            *read(xml, f"{SETTLEMENT}/InvoiceReferencedDocument/IssuerAssignedID"),
        ]
    assert said == {
        "invoice": ["380", "F2026-000123", "OmeaSupport", "Claire Petit", "S"],
        "credit_note": ["381", "A2026-000012", "OmeaSupport", "Claire Petit", "S", "F2026-000123"],
        "self_billed_in_franchise": ["389", "T0001-000003", "Thomas Leroy", "OmeaSupport", "E"],
        "self_billed_with_vat": ["389", "T0001-000003", "Thomas Leroy", "OmeaSupport", "S"],
    }
    franchise = xml_of(KINDS["self_billed_in_franchise"])
    assert read(franchise, f"{SETTLEMENT}/ApplicableTradeTax/ExemptionReason") == [
        "TVA non applicable, art. 293 B du CGI"
    ]


@given(
    slices=st.integers(1, 16),
    unit=st.integers(1, 10_000).map(lambda sixth: 6 * sixth),
    data=st.data(),
)
@settings(deadline=None, max_examples=60)
def test_the_totals_are_the_ledgers_to_the_cent(slices: int, unit: int, data: st.DataObject) -> None:
    """Whatever is billed, and whatever part of it is credited: what is entered is what is on the document."""
    billed = xml_of(an_invoice(slices, unit))
    assert totals_of(billed) == price_from_ttc(slices * unit, 2000)
    credited = data.draw(st.integers(1, slices))
    assert totals_of(xml_of(a_credit_note(credited, unit))) == price_from_ttc(credited * unit, 2000)
    for part in ("ht", "vat", "ttc"):
        left = getattr(totals_of(billed), f"{part}_cents") - getattr(
            price_from_ttc(credited * unit, 2000), f"{part}_cents"
        )
        assert left == getattr(price_from_ttc((slices - credited) * unit, 2000), f"{part}_cents")


@given(st.lists(st.integers(-4, 16).filter(bool), min_size=1, max_size=12).filter(lambda all_: sum(all_) > 0))
@settings(deadline=None, max_examples=30)
def test_a_technicians_total_is_that_of_the_gains(slices: list[int]) -> None:
    lines = tuple(a_gain_line(one, day) for day, one in enumerate(slices, 1))
    assert totals_of(xml_of(a_self_billed_invoice(None, lines))).ht_cents == 800 * sum(slices)
    with_vat = totals_of(xml_of(a_self_billed_invoice(2000, lines)))
    assert (with_vat.ht_cents, with_vat.vat_cents) == (800 * sum(slices), 160 * sum(slices))


@given(st.integers(-(10**12), 10**12))
def test_euros_are_exact(amount: int) -> None:
    whole, _, rest = euros(amount).lstrip("-").partition(".")
    assert (int(whole) * 100 + int(rest)) * (-1 if euros(amount).startswith("-") else 1) == amount


@pytest.mark.parametrize(
    "text", ["<b>&amp;</b>]]>", "a\x00b\x0bc", "\ud800", "\u202e\ufffe", "&#0;", "é" * 120]
)
def test_hostile_text_stays_text(text: str) -> None:
    xml = xml_of(an_invoice(client=f"Claire {text} Petit"))
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    [name] = read(xml, "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/BuyerTradeParty/Name")
    assert name == " ".join("".join(c if c.isprintable() else " " for c in f"Claire {text} Petit").split())
