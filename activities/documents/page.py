"""A document as people read it: set on A4 by typst, as PDF/A-3."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from activities.documents.characters import shown
from activities.documents.wording import page_words
from domain.documents import Document

TEMPLATE = (Path(__file__).parent / "document.typ").read_bytes()


@cache
def _bundled_fonts() -> typst.Fonts:
    """Those inside typst and no others, so that a page is the same on every machine."""
    return typst.Fonts(include_system_fonts=False)


def page_of(document: Document, xml: bytes, made_at: datetime) -> bytes:
    """The page or pages with the data attached, dated `made_at`. Takes some 10 ms. Raises
    `typst.TypstError`."""
    return set_page(TEMPLATE, page_words(document), made_at, xml=xml.decode())


def set_page(template: bytes, words: dict[str, Any], made_at: datetime, **inputs: str) -> bytes:
    """A template with its words, as PDF/A-3 dated `made_at`. Raises `typst.TypstError`."""
    return typst.compile(
        template,
        format="pdf",
        font_paths=_bundled_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_shown(words), ensure_ascii=False), **inputs},
        pdf_standards=["a-3b"],
        timestamp=int(made_at.timestamp()),
    )


def _shown(words: Any) -> Any:
    match words:
        case str():
            return shown(words)
        case dict():
            return {name: _shown(value) for name, value in words.items()}
        case list():
            return [_shown(value) for value in words]
        case _:
            return words
