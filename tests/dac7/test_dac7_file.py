"""The file: what is in it, in the schema's order, the same bytes each time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from activities.exports.dac7_file import DPI, dac7_xml, file_name
from domain.dac7 import Missing, QuarterTotals, SellerYear
from tests.dac7.builders import (
    A_PERSON,
    A_YEAR,
    AN_ENTITY,
    ANOTHER_YEAR,
    MADE_AT,
    QUARTERS,
    a_declaration,
    a_year,
)

# Read in DGFiP's schema v1.1 as revised by backmarket-oss/dac7 (schemas/xml/DPIXML_v1.1-fr1.xsd and
# oecddpitypes_v1.0-fr1.xsd): the sequences of MessageSpec_Type, CorrectablePlatformOperator_Type,
# CorrectableReportableSeller_Type, PersonParty_Type, OrganisationParty_Type, Address_Type,
# FinancialIdentifier_Type, RelevantActivities_Type and DocSpec_Type.
ADDRESS = ["CountryCode", "AddressFix", "Street", "PostCode", "City"]
RECORD = ["DocSpec", "DocTypeIndic", "DocRefId"]
OPERATOR = [
    *("PlatformOperator", "ResCountryCode", "TIN", "VAT", "Name", "PlatformBusinessName"),
    *("Address", *ADDRESS, "Nexus", "AssumedReporting", *RECORD),
]
SERVICES = [
    *("RelevantActivities", "PersonalServices"),
    *("Consideration", "ConsQ1", "ConsQ2", "ConsQ3", "ConsQ4"),
    *("NumberOfActivities", "NumbQ1", "NumbQ2", "NumbQ3", "NumbQ4"),
    *("Fees", "FeesQ1", "FeesQ2", "FeesQ3", "FeesQ4"),
    *("Taxes", "TaxesQ1", "TaxesQ2", "TaxesQ3", "TaxesQ4"),
]
PERSON = [
    *("ReportableSeller", "Identity", "IndividualSeller", "Standard", "IndSellerID"),
    *("ResCountryCode", "TIN", "VAT", "Name", "FirstName", "LastName", "Address", *ADDRESS),
    *("BirthInfo", "BirthDate", "FinancialIdentifier", "Identifier", *SERVICES, *RECORD),
]
ENTITY = [
    *("ReportableSeller", "Identity", "EntitySeller", "Standard", "EntSellerID"),
    *("ResCountryCode", "TIN", "IN", "VAT", "Name", "Address", *ADDRESS),
    *("FinancialIdentifier", "Identifier", *SERVICES, *RECORD),
]
MESSAGE = [
    *("MessageSpec", "TransmittingCountry", "ReceivingCountry", "MessageType", "MessageRefId"),
    *("MessageTypeIndic", "ReportingPeriod", "Timestamp"),
]
WHOLE_PERSON = replace(A_PERSON, vat_number="FR83404833048")
WHOLE_ENTITY = replace(AN_ENTITY, iban="FR7630006000011234567890189")

EMPTY = b"""<?xml version='1.0' encoding='UTF-8'?>
<dpi:DPI_OECD xmlns:dpi="urn:oecd:ties:dpi" xmlns:stf="urn:oecd:ties:dpistf" version="1.0">
  <dpi:MessageSpec>
    <dpi:TransmittingCountry>FR</dpi:TransmittingCountry>
    <dpi:ReceivingCountry>FR</dpi:ReceivingCountry>
    <dpi:MessageType>DPI</dpi:MessageType>
    <dpi:MessageRefId>OP_2026_123456782_d1</dpi:MessageRefId>
    <dpi:MessageTypeIndic>DPI403</dpi:MessageTypeIndic>
    <dpi:ReportingPeriod>2026-12-31</dpi:ReportingPeriod>
    <dpi:Timestamp>2027-01-15T10:30:15.250</dpi:Timestamp>
  </dpi:MessageSpec>
  <dpi:DPIBody>
    <dpi:PlatformOperator>
      <dpi:ResCountryCode>FR</dpi:ResCountryCode>
      <dpi:TIN issuedBy="FR">123456782</dpi:TIN>
      <dpi:VAT>FR11123456782</dpi:VAT>
      <dpi:Name>OmeaSupport</dpi:Name>
      <dpi:PlatformBusinessName>OmeaSupport</dpi:PlatformBusinessName>
      <dpi:Address legalAddressType="OECD304">
        <dpi:CountryCode>FR</dpi:CountryCode>
        <dpi:AddressFix>
          <dpi:Street>1 rue de l\xe2\x80\x99Exemple</dpi:Street>
          <dpi:PostCode>44000</dpi:PostCode>
          <dpi:City>Nantes</dpi:City>
        </dpi:AddressFix>
      </dpi:Address>
      <dpi:Nexus>RPONEX1</dpi:Nexus>
      <dpi:AssumedReporting>false</dpi:AssumedReporting>
      <dpi:DocSpec>
        <stf:DocTypeIndic>OECD1</stf:DocTypeIndic>
        <stf:DocRefId>OP_2026_123456782_v1</stf:DocRefId>
      </dpi:DocSpec>
    </dpi:PlatformOperator>
  </dpi:DPIBody>
</dpi:DPI_OECD>
"""


def names(xml: bytes) -> list[str]:
    """Of all elements, in the order of the file."""
    return [etree.QName(element).localname for element in etree.fromstring(xml).iter()]


def said(xml: bytes, name: str) -> list[tuple[str, dict[str, str]]]:
    """Text and attributes of the elements of that name."""
    return [(found.text, dict(found.attrib)) for found in etree.fromstring(xml).iter(f"{{{DPI}}}{name}")]


def test_a_year_without_sellers_says_that_there_is_nothing_to_report() -> None:
    assert dac7_xml(a_declaration()) == EMPTY


def test_elements_are_those_of_the_schema_in_its_order() -> None:
    xml = dac7_xml(a_declaration(SellerYear(WHOLE_PERSON, QUARTERS), SellerYear(WHOLE_ENTITY, QUARTERS)))
    assert names(xml) == ["DPI_OECD", *MESSAGE, "DPIBody", *OPERATOR, *PERSON, *ENTITY]


def test_what_is_not_had_has_no_element() -> None:
    without = {"VAT", "FinancialIdentifier", "Identifier"}
    sellers = (a_year(iban=None), SellerYear(replace(AN_ENTITY, vat_number=None), QUARTERS))
    whole = [name for name in [*PERSON, *ENTITY] if name not in without]
    assert names(dac7_xml(a_declaration(*sellers))) == ["DPI_OECD", *MESSAGE, "DPIBody", *OPERATOR, *whole]


def test_a_person_and_a_company_are_identified_as_the_tax_office_knows_them() -> None:
    xml = dac7_xml(a_declaration(A_YEAR, ANOTHER_YEAR))
    french = {"issuedBy": "FR"}
    assert said(xml, "TIN") == [("123456782", french), ("3023217600053", french), ("123456782", french)]
    assert said(xml, "IN") == [("123456782", {**french, "INType": "BRN"})]
    assert said(xml, "VAT") == [("FR11123456782", {}), ("FR11123456782", {})]
    assert [text for text, _ in said(xml, "FirstName")] == ["Thomas"]
    assert [text for text, _ in said(xml, "LastName")] == ["Leroy"]
    assert [text for text, _ in said(xml, "Name") if text.strip()] == ["OmeaSupport", "Dépannage & Compagnie"]
    assert [text for text, _ in said(xml, "BirthDate")] == ["1987-07-31"]
    assert said(xml, "Identifier") == [("FR7630006000011234567890189", {"AccountNumberType": "IBAN"})]
    assert [text for text, _ in said(xml, "City")] == ["Nantes", "Lyon", "Rennes"]


def test_a_company_without_a_tax_number_of_its_own_is_known_by_its_siren() -> None:
    for tax_id, tin in ((None, "123456782"), (" \x00", "123456782"), ("987 654 324", "987654324")):
        xml = dac7_xml(a_declaration(SellerYear(replace(AN_ENTITY, tax_id=tax_id), QUARTERS)))
        assert [text for text, _ in said(xml, "TIN")] == ["123456782", tin]
        assert [text for text, _ in said(xml, "IN")] == ["123456782"]


def test_each_quarter_is_said_in_whole_euros() -> None:
    kept = (*QUARTERS[:3], QuarterTotals(800, 150, 1))
    xml = dac7_xml(a_declaration(SellerYear(A_PERSON, kept)))
    euros = {"currCode": "EUR"}
    told = {
        quarter: [said(xml, f"{name}Q{quarter}") for name in ("Cons", "Numb", "Fees", "Taxes")]
        for quarter in (1, 2, 3, 4)
    }
    assert told == {
        1: [[("1617", euros)], [("101", {})], [("0", euros)], [("0", euros)]],
        2: [[("0", euros)], [("0", {})], [("0", euros)], [("0", euros)]],
        3: [[("24400", euros)], [("1525", {})], [("0", euros)], [("0", euros)]],
        4: [[("8", euros)], [("1", {})], [("2", euros)], [("0", euros)]],
    }


def test_the_same_declaration_is_the_same_bytes_in_whatever_order_sellers_were_read() -> None:
    xml = dac7_xml(a_declaration(A_YEAR, ANOTHER_YEAR))
    assert dac7_xml(a_declaration(ANOTHER_YEAR, A_YEAR)) == xml
    assert [text for text, _ in said(xml, "MessageTypeIndic")] == ["DPI401"]


def test_a_record_has_one_id_whichever_message_brings_it() -> None:
    first = a_declaration(A_YEAR)
    again = replace(
        first, message_id="d2", made_at=MADE_AT + timedelta(days=1), sellers=(ANOTHER_YEAR, A_YEAR)
    )
    records = [
        [found.text for found in etree.fromstring(dac7_xml(one)).iter("{urn:oecd:ties:dpistf}DocRefId")]
        for one in (first, again)
    ]
    assert records == [
        ["OP_2026_123456782_v1", f"OP_2026_123456782_{A_PERSON.id}_v1"],
        [
            "OP_2026_123456782_v1",
            f"OP_2026_123456782_{A_PERSON.id}_v1",
            f"OP_2026_123456782_{AN_ENTITY.id}_v1",
        ],
    ]


def test_what_people_wrote_is_text() -> None:
    xml = dac7_xml(a_declaration(a_year(last_name='<b>&amp;"\x00\n\ud800漢', first_name="é" * 300)))
    assert [text for text, _ in said(xml, "LastName")] == ['<b>&amp;" 漢']
    assert [text for text, _ in said(xml, "FirstName")] == ["é" * 200]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (a_year(birth_date=None, address=None), f"without {Missing.BIRTH_DATE}, {Missing.ADDRESS}"),
        (SellerYear(A_PERSON, (QuarterTotals(0, 0, 0),) * 4), "paid nothing"),
        (SellerYear(A_PERSON, (QuarterTotals(-800, 0, 1), *QUARTERS[1:])), "negative"),
        (SellerYear(A_PERSON, (QuarterTotals(800, -1, 1), *QUARTERS[1:])), "negative"),
        (SellerYear(A_PERSON, (QuarterTotals(800, 0, -1), *QUARTERS[1:])), "negative"),
    ],
)
def test_what_the_tax_office_would_refuse_is_never_written(one: SellerYear, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        dac7_xml(a_declaration(one))


def test_the_file_is_called_as_the_tax_office_wants() -> None:
    assert file_name(a_declaration(), 1) == "DPIDAC7_2026_123456782_001_20270115103015.xml"
    for sequence in (0, 1000):
        with pytest.raises(ValueError, match="1 to 999"):
            file_name(a_declaration(), sequence)
