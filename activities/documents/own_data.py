"""All that is kept about a person, set to be read: the explanations of the law, then a chapter a subject."""

from pathlib import Path
from typing import Any

from activities.documents.page import set_page
from activities.documents.wording import numeric
from domain import french
from domain.documents import Company
from domain.opening_hours import PARIS
from domain.own_data import Chapter, OwnData

TEMPLATE = (Path(__file__).parent / "own_data.typ").read_bytes()
NOTHING = "Nous n’avons rien de tel à votre sujet."


def own_data_pdf(company: Company, data: OwnData) -> bytes:
    """As PDF/A-3 dated `made_at`; the same arguments give the same bytes. Takes some 10 ms for a short one,
    seconds for hundreds of tickets. Raises `typst.TypstError`."""
    return set_page(TEMPLATE, _words(company, data), data.made_at)


def _words(company: Company, data: OwnData) -> dict[str, Any]:
    day = data.made_at.astimezone(PARIS)
    return {
        "title": f"Vos données personnelles au {numeric(day.date())}",
        "heading": "Vos données personnelles",
        "subheading": f"Établi le {french.moment(data.made_at)}",
        "author": french.one_line(company.name),
        "person": french.one_line(data.person),
        "mail": french.one_line(data.mail),
        "explanations": [
            {
                "heading": french.typeset(one.heading),
                "paragraphs": [french.typeset(text) for text in one.paragraphs],
            }
            for one in data.explanations
        ],
        "contents_label": "Sommaire",
        "chapters": [_chapter(one) for one in data.chapters],
        "footer": french.typeset(f"{company.name}, {company.legal.text}"),
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    count = len(chapter.entries)
    return {
        "title": french.typeset(chapter.title),
        "count": str(count) if count else "–",
        "empty": NOTHING if not count else None,
        "entries": [
            {
                "title": french.typeset(entry.title),
                "facts": [
                    {"label": french.typeset(fact.label), "lines": _lines(fact.value)} for fact in entry.facts
                ],
            }
            for entry in chapter.entries
        ],
    }


def _lines(text: str) -> list[str]:
    """A person's own line breaks are kept; what is between them is set as a paragraph."""
    return [line.replace("\t", " ").strip() for line in text.splitlines() if line.strip()] or ["–"]
