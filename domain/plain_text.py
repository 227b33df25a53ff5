"""A text as a rule reads it: whatever looks the same to people is the same, and what nobody sees is gone."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Format characters (zero-width spaces and joiners, soft hyphens) and marks that lie over another character.
_UNSEEN = frozenset({"Cf", "Mn", "Me"})
# What people put between the groups of a number.
_SEPARATING = frozenset(
    {"Zs", "Zl", "Zp", "Cc", "Pd", "Pc", "Po", "Ps", "Pe", "Pi", "Pf", "Sm", "So", "Sk", "Lm"}
)
# These part what belongs to different things: hours and minutes, percents, sentences.
_PARTING = frozenset(":%@#&!?")
MOST_SEPARATORS = 3
_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"[0-9]+")
_LETTERS_AND_DIGITS = re.compile(r"[0-9A-Za-z]+")


@dataclass(frozen=True)
class Group:
    """Characters without a separator inside, and where they are in the text."""

    written: str
    start: int
    end: int


def plain(text: str) -> str:
    """Compatibility forms are told apart no more (full-width digits, circled ones, no-break spaces), the
    digits of all scripts are ours, invisible characters are gone. Letters keep case and accents."""
    composed = unicodedata.normalize("NFKC", text)
    return "".join(_plain(one) for one in composed if unicodedata.category(one) not in _UNSEEN)


def folded(text: str) -> str:
    """Without case and accents, character for character: places in it are places in `text`."""
    return "".join(unicodedata.normalize("NFD", one)[0].lower()[0] for one in text)


def digit_runs(text: str) -> Iterator[list[Group]]:
    """The groups of digits that a person may mean as one number, of a plain text."""
    return _runs(text, _DIGITS.finditer(text))


def code_runs(text: str) -> Iterator[list[Group]]:
    """The same of groups of unaccented letters and digits."""
    return _runs(text, _LETTERS_AND_DIGITS.finditer(text))


def _plain(one: str) -> str:
    digit = unicodedata.digit(one, None)
    if digit is not None:
        return str(digit)
    return " " if one.isspace() and one != "\n" else one


def _runs(text: str, found: Iterable[re.Match[str]]) -> Iterator[list[Group]]:
    run: list[Group] = []
    for match in found:
        if run and not _joins(text[run[-1].end : match.start()]):
            yield run
            run = []
        run.append(Group(match.group(), match.start(), match.end()))
    if run:
        yield run


def _joins(gap: str) -> bool:
    gap = _SPACES.sub(" ", gap)
    return len(gap) <= MOST_SEPARATORS and all(
        one not in _PARTING and unicodedata.category(one) in _SEPARATING for one in gap
    )
