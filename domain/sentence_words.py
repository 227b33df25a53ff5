"""A stretch of text as the words and signs of its sentences, and what a word looks like by itself."""

import re
from dataclasses import dataclass

from domain.password_words import INNOCENT, NOT_A_SECRET
from domain.plain_text import folded

END, COMMA, SIGN, QUOTE = "\n", ",", ":", "“"
_PIECE = re.compile(r"\n|[«“„\"»”]|->|=>|→|[:=](?!//)|[^\s«“„\"»”:=]+|:")
_ELISION = re.compile(r"(?:c|d|l|j|n|s|m|t|qu)'(?=\w)")
_MAIL = re.compile(r"[^@]+@[^@]+\.[a-z]+")
_MIXED = re.compile(r"\w[@#$€%&*+!_]\w")
_INFLECTED = re.compile(r".+(?:ée?s?|ed|[ai]bles?)")


@dataclass(frozen=True)
class Word:
    written: str
    folded: str

    @property
    def is_number(self) -> bool:
        return self.folded.isdecimal()

    @property
    def is_secret_looking(self) -> bool:
        """Letters and digits together, or a sign inside a word: no word of a language."""
        one = self.folded
        if len(one) < 4 or NOT_A_SECRET.fullmatch(one) or _MAIL.fullmatch(one) or "://" in one:
            return False
        has_digit = any(c.isdecimal() for c in one)
        return _MIXED.search(one) is not None or (has_digit and any(c.isalpha() for c in one))

    @property
    def is_innocent(self) -> bool:
        return (
            self.folded in INNOCENT
            or _INFLECTED.fullmatch(self.written.lower()) is not None
            or not any(c.isalnum() for c in self.folded)
            or set(self.folded) <= {"x", "*", "."}
            or _MAIL.fullmatch(self.folded) is not None
            or "://" in self.folded
        )


def pieces_of(text: str) -> list[Word]:
    """Words, and the signs between them that matter: the end of a sentence, a comma, a colon, a quote."""
    pieces: list[Word] = []

    def add(written: str) -> None:
        pieces.append(Word(written, folded(written)))

    for match in _PIECE.finditer(text):
        one = match.group()
        if one == "\n":
            add(END)
        elif one in {":", "=", "->", "=>", "→", "-", "–", "—"}:
            add(SIGN)
        elif one in {"«", "“", "„"} or (one == '"' and text[: match.start()][-1:] in {"", " ", ":", "="}):
            add(QUOTE)
        elif one in {"»", "”", '"', "/", "&", "+"}:
            add(COMMA)
        else:
            bare = one.strip("([{<>'*,;.!?)]}…")
            while (elided := _ELISION.match(bare.lower())) is not None:
                add(bare[: elided.end()])
                bare = bare[elided.end() :]
            parts = bare.split("/") if bare and not any(c.isdecimal() for c in bare) else [bare]
            for place, part in enumerate(parts):
                if place:
                    add(COMMA)
                if part:
                    add(part)
            if one[-1] in ".!?;…":
                add(END)
            elif one[-1] in ",)":
                add(COMMA)
    return pieces
