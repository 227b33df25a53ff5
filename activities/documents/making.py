"""One document made: its page with its data inside, and the hash that tells whether either was changed."""

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import facturx
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from activities.documents.electronic import xml_of
from activities.documents.page import page_of
from activities.documents.wording import title_of
from domain.documents import Document
from domain.french import one_line


@dataclass(frozen=True)
class Made:
    """`pdf` is PDF/A-3 with `xml` embedded as Factur-X; `sha256` is the PDF's, in hexadecimal."""

    pdf: bytes
    xml: bytes
    sha256: str


def make(document: Document, made_at: datetime) -> Made:
    """Some 100 ms of work. The same document and time give the same bytes. Raises `typst.TypstError` or
    `Exception` (see `xml_of`) for a fault of ours."""
    xml = xml_of(document)
    # In memory: the library's other way writes the document to a temporary file.
    file = io.BytesIO(page_of(document, made_at))
    facturx.generate_from_file(
        file,
        xml,
        flavor="factur-x",
        level="en16931",
        check_xsd=False,
        pdf_metadata={
            "author": one_line(document.seller.name),
            "keywords": "Factur-X",
            "subject": title_of(document),
            "title": title_of(document),
        },
        lang="fr-FR",
        afrelationship="alternative",
    )
    dated = _dated(file, made_at)
    return Made(dated, xml, hashlib.sha256(dated).hexdigest())


def _dated(file: io.BytesIO, made_at: datetime) -> bytes:
    """The file with our time in place of the machine's, wherever the embedding has put that."""
    instant = made_at.astimezone(UTC)
    writer = PdfWriter(clone_from=file)
    # PDF/A-3 is a PDF 1.7.
    writer.pdf_header = "%PDF-1.7"
    stamp = TextStringObject(instant.strftime("D:%Y%m%d%H%M%S+00'00'"))
    writer.add_metadata({"/CreationDate": stamp, "/ModDate": stamp})
    for attached in _array(writer.root_object["/AF"]):
        data = _dictionary(_dictionary(_dictionary(attached)["/EF"])["/F"])
        _dictionary(data["/Params"])[NameObject("/ModDate")] = stamp
    metadata = writer.root_object["/Metadata"].get_object()
    if not isinstance(metadata, StreamObject):
        raise TypeError("a PDF/A has metadata")
    moment = instant.strftime("%Y-%m-%dT%H:%M:%S+00:00").encode()
    metadata.set_data(re.sub(rb"(<xmp:\w*Date>)[^<]*", rb"\g<1>" + moment, metadata.get_data()))
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _dictionary(found: PdfObject) -> DictionaryObject:
    whole = found.get_object()
    if not isinstance(whole, DictionaryObject):
        raise TypeError("an embedded file is described by dictionaries")
    return whole


def _array(found: PdfObject) -> ArrayObject:
    whole = found.get_object()
    if not isinstance(whole, ArrayObject):
        raise TypeError("associated files are an array")
    return whole
