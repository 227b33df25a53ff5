"""What a program finds in a document of record that somebody hands to it."""

from dataclasses import dataclass

import facturx
from lxml import etree

NAMES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
}


@dataclass(frozen=True)
class Inside:
    number: str
    total_ttc_cents: int


def read_inside(pdf: bytes) -> Inside:
    """The data that it carries, checked against their schema. Raises `ValueError` without any that can be
    read."""
    try:
        _, xml = facturx.get_facturx_xml_from_pdf(pdf, check_xsd=True)
        found = etree.fromstring(xml)
        number, total = (
            found.findtext(path, namespaces=NAMES)
            for path in ("rsm:ExchangedDocument/ram:ID", ".//ram:GrandTotalAmount")
        )
        whole, _, rest = total.partition(".")
        return Inside(number, int(whole + rest.ljust(2, "0")))
    except Exception as unreadable:
        raise ValueError("not a document of record") from unreadable
