"""One document made: its page with its data inside, and the hash that tells whether either was changed."""

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import facturx
from pypdf import PdfWriter
from pypdf.generic import StreamObject

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
    """Some 60 ms of work, and 1.5 ms more a line. The same document and time give the same bytes. Raises
    `typst.TypstError` or `Exception` (see `xml_of`) for a fault of ours."""
    xml = xml_of(document)
    pdf = _declared(page_of(document, xml, made_at), document, made_at)
    return Made(pdf, xml, hashlib.sha256(pdf).hexdigest())


def _declared(page: bytes, document: Document, made_at: datetime) -> bytes:
    """The page with metadata that say that the data inside are Factur-X, of level EN 16931, at our time."""
    author, title = one_line(document.seller.name), title_of(document)
    instant = made_at.astimezone(UTC)
    writer = PdfWriter(clone_from=io.BytesIO(page))
    # PDF/A-3 is a PDF 1.7.
    writer.pdf_header = "%PDF-1.7"
    stamp = instant.strftime("D:%Y%m%d%H%M%S+00'00'")
    writer.metadata = {
        "/Author": author,
        "/CreationDate": stamp,
        "/Keywords": "Factur-X",
        "/ModDate": stamp,
        "/Producer": "pypdf",
        "/Subject": title,
        "/Title": title,
    }
    metadata = writer.root_object["/Metadata"].get_object()
    if not isinstance(metadata, StreamObject):
        raise TypeError("a PDF/A has metadata")
    known = {"author": author, "subject": title, "title": title}
    told = facturx.generate_xmp_bytes("factur-x", "en16931", None, known)
    moment = instant.strftime("%Y-%m-%dT%H:%M:%S+00:00").encode()
    metadata.set_data(re.sub(rb"(<xmp:\w*Date>)[^<]*", rb"\g<1>" + moment, told))
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
