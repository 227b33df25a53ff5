"""The DAC7 declaration as the French tax office collects it (XML).

Source: DGFiP, « Cahier des charges DPI-DAC7 » and its schema v1.1, published on impots.gouv.fr (« Transfert
d’informations en application des dispositifs DPI-DAC7 »); names of elements and their order were read in its
revision by backmarket-oss/dac7, `schemas/xml/DPIXML_v1.1-fr1.xsd`. It follows the OECD's DPI schema, with two
differences: its namespaces end without `:v1`, and withheld taxes are `TaxesQn` rather than `TaxQn`.

The portal takes this file compressed (gzip) and encrypted with the tax office's key: neither is done here.
"""

from datetime import datetime
from typing import Any

from lxml import etree

from domain.dac7 import (
    Declaration,
    Quarters,
    Seller,
    SellerYear,
    declared_euros,
    declared_text,
    is_declared,
    missing,
)
from domain.documents import FRANCE, Address, Company
from domain.opening_hours import PARIS

DPI, STF = "urn:oecd:ties:dpi", "urn:oecd:ties:dpistf"
VERSION = "1.0"
NEW_INFORMATION, NOTHING_TO_REPORT = "DPI401", "DPI403"
NEW_RECORD = "OECD1"
REGISTERED_OFFICE, INDIVIDUAL = "OECD304", "OECD202"
# The operator pays its taxes in France.
RESIDENT = "RPONEX1"
EURO, IBAN, BUSINESS_REGISTER = "EUR", "IBAN", "BRN"


def file_name(declaration: Declaration, sequence: int) -> str:
    """As the tax office wants it called before compression; `sequence` counts the files of the year, from 1
    to 999 (DGFiP, « Nommage collecte DPI-DAC7 »). Raises `ValueError` for another."""
    if not 1 <= sequence <= 999:
        raise ValueError("a file's sequence is 1 to 999")
    made_at = declaration.made_at.astimezone(PARIS).strftime("%Y%m%d%H%M%S")
    return f"DPIDAC7_{declaration.year}_{declaration.operator.siren}_{sequence:03d}_{made_at}.xml"


def dac7_xml(declaration: Declaration) -> bytes:
    """The whole file, UTF-8; sellers in the order of their ids, so that the same declaration gives the same
    bytes, in whatever order they were read.

    Raises `ValueError` for a seller whom the tax office would refuse: something is `missing`, nothing was
    paid (`is_declared`), or an amount is negative.
    """
    for one in declaration.sellers:
        _refuse(one)
    root = etree.Element(etree.QName(DPI, "DPI_OECD"), nsmap={"dpi": DPI, "stf": STF}, version=VERSION)
    _message(_under(root, "MessageSpec"), declaration)
    body = _under(root, "DPIBody")
    _operator(_under(body, "PlatformOperator"), declaration.operator, declaration.records)
    for one in sorted(declaration.sellers, key=lambda one: one.seller.id):
        _seller(_under(body, "ReportableSeller"), one, declaration.records)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _refuse(one: SellerYear) -> None:
    lacks = missing(one.seller)
    if lacks:
        raise ValueError(f"{one.seller.id}: cannot be declared without {', '.join(lacks)}")
    if not is_declared(one):
        raise ValueError(f"{one.seller.id}: was paid nothing in the year")
    for quarter in one.quarters:
        if min(quarter.consideration_cents, quarter.fees_cents, quarter.activities) < 0:
            raise ValueError(f"{one.seller.id}: a quarter cannot be negative")


def _message(spec: Any, declaration: Declaration) -> None:
    _under(spec, "TransmittingCountry", FRANCE)
    _under(spec, "ReceivingCountry", FRANCE)
    _under(spec, "MessageType", "DPI")
    _under(spec, "MessageRefId", declaration.reference)
    _under(spec, "MessageTypeIndic", NEW_INFORMATION if declaration.sellers else NOTHING_TO_REPORT)
    _under(spec, "ReportingPeriod", f"{declaration.year:04d}-12-31")
    _under(spec, "Timestamp", _local(declaration.made_at))


def _operator(operator: Any, company: Company, records: str) -> None:
    _under(operator, "ResCountryCode", FRANCE)
    _under(operator, "TIN", company.siren, issuedBy=FRANCE)
    _under(operator, "VAT", company.vat_number)
    _under(operator, "Name", declared_text(company.name))
    _under(operator, "PlatformBusinessName", declared_text(company.name))
    place = Address(company.street, company.postal_code, company.city)
    _address(_under(operator, "Address", legalAddressType=REGISTERED_OFFICE), place, FRANCE)
    _under(operator, "Nexus", RESIDENT)
    _under(operator, "AssumedReporting", "false")
    _record(operator, f"{records}_v1")


def _seller(reportable: Any, one: SellerYear, records: str) -> None:
    identity = _under(reportable, "Identity")
    if one.seller.is_entity:
        standard = _under(_under(identity, "EntitySeller"), "Standard")
        _entity(_under(standard, "EntSellerID"), one.seller)
    else:
        standard = _under(_under(identity, "IndividualSeller"), "Standard")
        _person(_under(standard, "IndSellerID"), one.seller)
    if declared_text(one.seller.iban):
        account = _under(standard, "FinancialIdentifier")
        _under(account, "Identifier", _compact(one.seller.iban), AccountNumberType=IBAN)
    _services(_under(_under(reportable, "RelevantActivities"), "PersonalServices"), one.quarters)
    _record(reportable, f"{records}_{one.seller.id}_v1")


def _entity(party: Any, seller: Seller) -> None:
    """In France the tax number of a company is its SIREN, which is also its number in the register."""
    _under(party, "ResCountryCode", seller.country)
    _under(party, "TIN", _compact(seller.tax_id) or _compact(seller.siren), issuedBy=seller.country)
    _under(party, "IN", _compact(seller.siren), issuedBy=FRANCE, INType=BUSINESS_REGISTER)
    _vat(party, seller)
    _under(party, "Name", declared_text(seller.name))
    _address(_under(party, "Address"), seller.address, seller.country)


def _person(party: Any, seller: Seller) -> None:
    """A person has no number of a register here (`IN`), even one who runs a business: the schema has no place
    for it."""
    _under(party, "ResCountryCode", seller.country)
    _under(party, "TIN", _compact(seller.tax_id), issuedBy=seller.country)
    _vat(party, seller)
    name = _under(party, "Name", nameType=INDIVIDUAL)
    _under(name, "FirstName", declared_text(seller.first_name))
    _under(name, "LastName", declared_text(seller.last_name))
    _address(_under(party, "Address"), seller.address, seller.country)
    if seller.birth_date is not None:
        _under(_under(party, "BirthInfo"), "BirthDate", seller.birth_date.isoformat())


def _vat(party: Any, seller: Seller) -> None:
    if declared_text(seller.vat_number):
        _under(party, "VAT", _compact(seller.vat_number))


def _address(element: Any, address: Address | None, country: str) -> None:
    _under(element, "CountryCode", country)
    if address is not None:
        fixed = _under(element, "AddressFix")
        _under(fixed, "Street", declared_text(address.street))
        _under(fixed, "PostCode", declared_text(address.postal_code))
        _under(fixed, "City", declared_text(address.city))


def _services(services: Any, quarters: Quarters) -> None:
    """No taxes are withheld from technicians."""
    _amounts(services, "Consideration", "ConsQ", [quarter.consideration_cents for quarter in quarters])
    activities = _under(services, "NumberOfActivities")
    for n, quarter in enumerate(quarters, 1):
        _under(activities, f"NumbQ{n}", str(quarter.activities))
    _amounts(services, "Fees", "FeesQ", [quarter.fees_cents for quarter in quarters])
    _amounts(services, "Taxes", "TaxesQ", [0 for _ in quarters])


def _amounts(services: Any, name: str, quarterly: str, cents: list[int]) -> None:
    group = _under(services, name)
    for n, amount in enumerate(cents, 1):
        _under(group, f"{quarterly}{n}", str(declared_euros(amount)), currCode=EURO)


def _record(element: Any, reference: str) -> None:
    document = _under(element, "DocSpec")
    etree.SubElement(document, etree.QName(STF, "DocTypeIndic")).text = NEW_RECORD
    etree.SubElement(document, etree.QName(STF, "DocRefId")).text = reference


def _under(parent: Any, name: str, said: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, etree.QName(DPI, name), attributes)
    element.text = said
    return element


def _compact(number: str | None) -> str:
    """A number without the spaces that people read it with."""
    return "".join(declared_text(number).split())


def _local(instant: datetime) -> str:
    """Paris time without an offset, to the millisecond, as in the tax office's examples."""
    return instant.astimezone(PARIS).replace(tzinfo=None).isoformat(timespec="milliseconds")
