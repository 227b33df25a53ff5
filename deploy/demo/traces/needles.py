"""What is looked for, and how each kind of thing is recognised however it is written."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

# So many words of a text in a row are that text, even where the rest was cut.
WORDS_OF_A_TEXT = 5
SEPARATOR = r"[\s.,/()+\-\u2010-\u2014]{0,2}"


class Reading:
    """One reading of a place, in the forms that needles are compared with."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def folded(self) -> str:
        """Without case or accents, whether composed or not."""
        return fold(self.text)

    @cached_property
    def words(self) -> str:
        """The folded words, a space between any two and around all."""
        return f" {' '.join(words_of(self.text))} "

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.words.split())

    @cached_property
    def compact(self) -> str:
        return re.sub(r"[^a-z0-9]", "", self.folded)


def fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(text))


class Needle(Protocol):
    """`kind` is all that is ever said of it."""

    @property
    def kind(self) -> str: ...

    def is_in(self, reading: Reading) -> bool: ...


@dataclass(frozen=True)
class Words:
    """Words in a row, whatever is between them; or all of them in one, when they are several."""

    kind: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, kind: str, text: str) -> "Words":
        return cls(kind, tuple(words_of(text)))

    def is_in(self, reading: Reading) -> bool:
        if reading.vocabulary.issuperset(self.words) and f" {' '.join(self.words)} " in reading.words:
            return True
        return len(self.words) > 1 and "".join(self.words) in reading.vocabulary


@dataclass(frozen=True)
class Digits:
    """A number or an IBAN, in groups of any size. `before` is what the same number may begin with."""

    kind: str
    characters: str
    before: str = ""

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        spaced = SEPARATOR.join(re.escape(character) for character in self.characters)
        return re.compile(f"(?<![a-z0-9]){self.before}{spaced}(?![a-z0-9])")

    def is_in(self, reading: Reading) -> bool:
        return self.characters in reading.compact and self._pattern.search(reading.folded) is not None


@dataclass(frozen=True)
class ShortCode:
    """Four digits mean something only where they are called a code, or are a whole value in quotes: a year, a
    port and the number of a process are four digits too."""

    kind: str
    code: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        alone = rf"(?<![0-9]){self.code}(?![0-9])"
        near = r"[^\n]{0,40}?"
        return re.compile(rf"code{near}{alone}|{alone}{near}code|[\"'`]{self.code}[\"'`]")

    def is_in(self, reading: Reading) -> bool:
        return self.code in reading.text and self._pattern.search(reading.folded) is not None


@dataclass(frozen=True)
class Secret:
    """Opens something as it is, letter by letter."""

    kind: str
    secret: str

    def is_in(self, reading: Reading) -> bool:
        return self.secret in reading.text


def name_needles(name: str) -> Iterator[Needle]:
    """Each word of a name by itself, and all in one."""
    yield Words.of("nom", name)
    for word in words_of(name):
        yield Words("nom", (word,))


def phone_needle(phone: str) -> Needle:
    """French numbers: with 0, +33, 0033 or nothing before the nine digits that tell."""
    digits = re.sub(r"[^0-9]", "", phone)[-9:]
    country = rf"(?:(?:\+|00)?{SEPARATOR}33{SEPARATOR}(?:\(?0\)?)?|0)?{SEPARATOR}"
    return Digits("téléphone", digits, country)


def number_needle(kind: str, number: str) -> Needle:
    return Digits(kind, re.sub(r"[^a-z0-9]", "", number.lower()))


def text_needles(text: str) -> Iterator[Needle]:
    """Any piece of a free text that is long enough to be nothing else."""
    words = tuple(words_of(text))
    for start in range(max(1, len(words) - WORDS_OF_A_TEXT + 1)):
        yield Words("texte libre", words[start : start + WORDS_OF_A_TEXT])
