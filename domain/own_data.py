"""The export of one's own data as a document to read: chapters of entries, already worded."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Fact:
    """A label and what it is; `value` may be a long text of several lines."""

    label: str
    value: str


@dataclass(frozen=True)
class Entry:
    """`title` is empty for the only one of its chapter."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Chapter:
    """One without entries says so."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Explanation:
    """What the law wants said beside the data."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class OwnData:
    """`made_at` is timezone-aware; `person` and `mail` say whose they are."""

    person: str
    mail: str
    made_at: datetime
    explanations: tuple[Explanation, ...]
    chapters: tuple[Chapter, ...]
