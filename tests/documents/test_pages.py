"""The page: PDF/A-3 with the data embedded, all mentions on it, the same bytes for the same document."""

import hashlib
import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from facturx import get_facturx_xml_from_pdf
from pypdf import PdfReader

from activities.documents import page
from activities.documents.characters import BOX, SHOWN
from activities.documents.making import make
from activities.documents.reading import Inside, read_inside
from domain.documents import Document
from tests.documents.builders import (
    KINDS,
    MADE_AT,
    a_gain_line,
    a_self_billed_invoice,
    an_invoice,
)
from tests.support.company import A_COMPANY


def text_of(pdf: bytes) -> str:
    """As a reader copies it, in one line."""
    pages = (found.extract_text() for found in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(" ".join(pages).split())


@pytest.mark.parametrize("document", KINDS.values(), ids=KINDS)
def test_every_kind_is_pdf_a_3_with_its_data_inside(document: Document) -> None:
    made = make(document, MADE_AT)
    reader = PdfReader(io.BytesIO(made.pdf))
    root: Any = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert made.pdf.startswith(b"%PDF-1.7")
    assert not reader.is_encrypted
    assert "/ID" in reader.trailer
    assert {"<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>B</pdfaid:conformance>"} <= set(
        re.findall(r"<pdfaid:\w+>\w+</pdfaid:\w+>", metadata)
    )
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in metadata
    assert "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>" in metadata
    [intent] = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert intent.get_object()["/DestOutputProfile"].get_object().get_data()
    [attached] = root["/AF"]
    file = attached.get_object()
    assert (file["/AFRelationship"], file["/UF"]) == ("/Alternative", "factur-x.xml")
    assert file["/EF"]["/F"].get_object()["/Subtype"] == "/text/xml"
    assert root["/Names"]["/EmbeddedFiles"]["/Names"][0] == "factur-x.xml"
    name, xml = get_facturx_xml_from_pdf(made.pdf, check_xsd=True)
    assert (name, xml) == ("factur-x.xml", made.xml)
    assert made.sha256 == hashlib.sha256(made.pdf).hexdigest()
    # Every font is embedded: PDF/A allows no other.
    for found in reader.pages:
        for font in found["/Resources"]["/Font"].values():  # type: ignore[index]
            [descendant] = font.get_object()["/DescendantFonts"]
            descriptor = descendant.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_the_same_document_is_the_same_bytes_and_dated_by_business_time() -> None:
    first, second = make(KINDS["invoice"], MADE_AT), make(KINDS["invoice"], MADE_AT)
    assert first == second
    assert make(KINDS["invoice"], MADE_AT + timedelta(seconds=1)).sha256 != first.sha256
    reader = PdfReader(io.BytesIO(first.pdf))
    information: Any = reader.metadata
    assert {information["/CreationDate"], information["/ModDate"]} == {"D:20261127093015+00'00'"}
    root: Any = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert set(re.findall(r"<xmp:\w*Date>([^<]*)<", metadata)) == {"2026-11-27T09:30:15+00:00"}
    embedded = root["/AF"][0].get_object()["/EF"]["/F"].get_object()
    assert embedded["/Params"].get_object()["/ModDate"] == "D:20261127093015Z"


@pytest.mark.parametrize("document", KINDS.values(), ids=KINDS)
def test_every_mention_is_on_the_page(document: Document) -> None:
    text = text_of(make(document, MADE_AT).pdf)
    plain = [" ".join(mention.text.split()) for mention in document.mentions]
    assert [mention for mention in plain if mention not in text] == []
    assert document.number in text
    for party in (document.seller, document.buyer):
        assert party.name in text
        for part in (party.vat_number, party.mail, party.address.street if party.address else None):
            assert part is None or part in text
        if party.siren:
            assert " ".join((party.siren[:3], party.siren[3:6], party.siren[6:])) in text


def test_an_invoice_says_what_was_done_and_what_it_comes_to() -> None:
    text = text_of(make(an_invoice(), MADE_AT).pdf)
    for said in (
        *("Facture", "Date d’émission 27/11/2026", "Prestation 24/11/2026", "demande n° 0000 0420"),
        *("25 minutes retenues", "2 × 15 min 12,50 € 20 % 25,00 €", "15,00 € TTC la tranche"),
        *("Total HT 25,00 €", "TVA 20 % 5,00 €", "Total TTC à payer 30,00 €", "page 1 / 1"),
        "SAS au capital de 10 000 €, 123 456 782 RCS Nantes",
    ):
        assert said in text, said


def test_a_credit_note_and_a_self_billed_invoice_say_so() -> None:
    credit = text_of(make(KINDS["credit_note"], MADE_AT).pdf)
    assert "Avoir" in credit
    assert "Facture d’origine F2026-000123" in credit
    assert "Total TTC de l’avoir 15,00 €" in credit
    franchise = text_of(make(KINDS["self_billed_in_franchise"], MADE_AT).pdf)
    assert "Autofacturation" in franchise
    assert "TVA non applicable, art. 293 B du CGI" in franchise
    assert "Total à payer 32,00 €" in franchise
    assert "Total TTC à payer 38,40 €" in text_of(make(KINDS["self_billed_with_vat"], MADE_AT).pdf)


def test_what_is_inside_is_read_again() -> None:
    assert read_inside(make(KINDS["credit_note"], MADE_AT).pdf) == Inside("A2026-000012", 1500)
    with pytest.raises(ValueError, match="not a document of record"):
        read_inside(page.set_page(b"= Une autre page", {}, MADE_AT))
    with pytest.raises(ValueError, match="not a document of record"):
        read_inside(b"")


def test_without_a_mediator_none_is_named() -> None:
    document = an_invoice()
    assert any("médiateur" in mention.text for mention in document.mentions)
    assert A_COMPANY.mediator is not None
    without = replace(document, mentions=tuple(m for m in document.mentions if "médiateur" not in m.text))
    assert "médiateur" not in text_of(make(without, MADE_AT).pdf)


@pytest.mark.parametrize(
    "name",
    [
        '#strong[Claire] #read("/etc/passwd")',
        "*Claire* _Petit_ $x^2$ `code` @label <label> // comment",
        '"]) #panic("x")',
        '= Titre \\ #import "@preview/x:1.0.0": *',
    ],
)
def test_what_a_person_is_called_is_never_markup(name: str) -> None:
    assert " ".join(name.split()) in text_of(make(an_invoice(client=name), MADE_AT).pdf)


def test_a_technician_of_any_name_may_be_the_seller() -> None:
    hostile = replace(KINDS["self_billed_with_vat"].seller, name="Thomas\x00 <b> 漢 \u202e & Leroy")
    made = make(replace(KINDS["self_billed_with_vat"], seller=hostile), MADE_AT)
    assert f"Thomas <b> {BOX} & Leroy" in text_of(made.pdf)


@pytest.mark.parametrize("name", ["漢字 Petit", "🙂", "שלום ش", "\x00\n\t\u202e", "W" * 120, "ß" * 120, ""])
def test_a_name_that_the_font_lacks_or_no_line_holds_stops_nothing(name: str) -> None:
    pdf = make(an_invoice(client=f"Claire {name}".strip()), MADE_AT).pdf
    text = text_of(pdf)
    assert "Claire" in text
    assert not re.search("[漢🙂ש]", text)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert nothing_is_cut_off(pdf)


def nothing_is_cut_off(pdf: bytes) -> bool:
    """Whether the margins are white: whatever is too wide runs into the right one."""
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    margin = image.crop((image.width - 55, 0, image.width, image.height))
    return bool(margin.getextrema()[0] > 250)


def test_every_character_that_is_shown_has_its_glyph() -> None:
    """Or else PDF/A would refuse the page."""
    shown = "".join(chr(code) for part in SHOWN for code in part if chr(code).isprintable())
    for start in range(0, len(shown), 100):
        make(an_invoice(client=f"A{shown[start : start + 100]}"), MADE_AT)
    assert page._shown({"name": ["漢 é"]}) == {"name": [f"{BOX} é"]}


def test_a_long_statement_runs_over_pages_with_its_heading_on_each() -> None:
    lines = tuple(a_gain_line(1, 1 + n % 28) for n in range(60))
    pdf = make(a_self_billed_invoice(2000, lines), MADE_AT).pdf
    pages = [found.extract_text() for found in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) == 4
    assert all("T0001-000003" in text for text in pages)
    assert [f"page {n} / 4" in text for n, text in enumerate(pages, 1)] == [True] * 4
    assert all("Désignation" in text for text in pages[:-1])
    assert "576,00\N{NO-BREAK SPACE}€" in pages[-1]


def test_only_the_bundled_fonts_are_known() -> None:
    assert page._bundled_fonts().families() == [
        "DejaVu Sans Mono",
        "Libertinus Serif",
        "New Computer Modern",
        "New Computer Modern Math",
    ]
    fonts = set()
    for found in PdfReader(io.BytesIO(make(KINDS["invoice"], MADE_AT).pdf)).pages:
        resources: Any = found["/Resources"]
        fonts |= {font.get_object()["/BaseFont"].partition("+")[2] for font in resources["/Font"].values()}
    assert {name.partition("-")[0] for name in fonts} == {"LibertinusSerif"}
