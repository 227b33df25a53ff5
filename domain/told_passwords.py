"""Passwords and secret codes that a text gives away, rather than speaks of.

A label ("mot de passe", "code PIN", "password") is found first; a bounded stretch after and before it then
tells whether a secret follows. So the time is that of the text, whatever is written in it.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from domain.password_words import (
    ACCOUNT,
    BARE_CODE,
    BEFORE_A_LABEL,
    CONNECTIVES,
    COPULAS,
    FILLERS,
    LABEL,
    NOT_A_SECRET,
    NOT_BEFORE_A_CODE,
    OTHER_CODES,
    OWN,
    PLACES,
    QUALIFIED_BY,
    RECEIVED,
    TELLING,
    TURNS,
    UNITS,
)
from domain.plain_text import folded
from domain.sentence_words import COMMA, END, QUOTE, SIGN, Word, pieces_of

# What is looked at after and before a label, in characters.
AFTER, BEFORE = 120, 80
MOST_QUALIFIERS = 6
MOST_FILLERS = 4
# Digits of a secret code: a PIN's four, up to a PUK's eight and what banks give as an access code.
FEWEST_DIGITS, MOST_DIGITS = 4, 10
CARD_CODE_DIGITS = range(3, 5)
# A password stuck to its label may be short; further away only a long one is told from other things.
SHORTEST_BY_QUALIFIERS = (4, 5, 5, 8, 8, 8, 8)

# The kinds of label whose secret may be a word as people speak it; see `LABEL`.
WORDS = frozenset({"word", "phrase"})

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def tells_a_password(text: str) -> bool:
    """Whether a plain text gives away a password, a secret code or a one-time code."""
    text = text.replace("’", "'").replace("‘", "'")
    text = re.sub(r"[^\S\n]+", " ", text)
    low = folded(text)
    for label in LABEL.finditer(low):
        after = pieces_of(text[label.end() : label.end() + AFTER])
        before = low[max(0, label.start() - BEFORE) : label.start()]
        if (
            _told_after(after, label.lastgroup or "")
            or _told_before(pieces_of(before))
            or _told_with_account(before, after)
        ):
            return True
    return any(
        _told_by_its_context(
            low[max(0, code.start() - BEFORE) : code.start()], low[code.end() : code.end() + AFTER]
        )
        for code in BARE_CODE.finditer(low)
    )


def _told_after(pieces: Sequence[Word], kind: str) -> bool:
    qualifiers = 0
    for place, one in enumerate(pieces):
        if one.folded == COMMA and _is(pieces, place + 1, "c'"):
            continue
        if one.folded == SIGN:
            return _is_told(pieces[place + 1 :], kind, said=kind == "phrase")
        if one.folded in COPULAS or one.folded == QUOTE:
            # "mon mot de passe Facebook c'est urgent": only what looks like a secret is one there.
            close = place == 0 or pieces[0].folded in QUALIFIED_BY | PLACES | {COMMA, "c'"}
            return _is_told(pieces[place + 1 :], kind if close else "code", said=True)
        if one.folded in {END, COMMA} or one.folded in TURNS:
            return False
        if _told_directly(pieces[place:], kind, qualifiers):
            return True
        qualifiers += one.folded not in {"c'", "ce"}
        if qualifiers > MOST_QUALIFIERS:
            return False
    return False


def _told_directly(pieces: Sequence[Word], kind: str, qualifiers: int) -> bool:
    one = pieces[0]
    if one.is_secret_looking:
        return len(one.folded) >= SHORTEST_BY_QUALIFIERS[qualifiers]
    if not one.is_number or (qualifiers and _YEAR.fullmatch(one.folded)):
        return False
    if kind in WORDS:
        fewest = FEWEST_DIGITS if qualifiers == 0 else FEWEST_DIGITS + 2
        return fewest <= len(one.folded) < MOST_DIGITS and not _counts(pieces)
    return _is_code(pieces, kind)


def _is_told(pieces: Sequence[Word], kind: str, *, said: bool) -> bool:
    """Whether what follows a colon, a quote, or (when `said`) a verb is the secret itself."""
    rest = list(pieces)
    while rest and (
        rest[0].folded in {SIGN, QUOTE} or (not said and rest[0].folded == END and len(rest) > 1)
    ):
        rest.pop(0)
    for _ in range(MOST_FILLERS):
        if rest and rest[0].folded in (FILLERS if said else {"le", "la", "the", "c'", "est"}):
            rest.pop(0)
            if rest and rest[0].folded == SIGN:
                rest.pop(0)
    if not rest or rest[0].folded in {END, COMMA}:
        return False
    one = rest[0]
    if one.is_number:
        return _is_code(rest, kind) or (
            kind in WORDS and len(one.folded) >= FEWEST_DIGITS - 1 and not _counts(rest)
        )
    if one.is_secret_looking:
        return True
    if kind not in WORDS or one.is_innocent or NOT_A_SECRET.fullmatch(one.folded):
        return False
    if said:
        return len(one.folded) > 2
    return len(rest) == 1 or rest[1].folded in {END, COMMA} or rest[1].folded in CONNECTIVES


def _is_code(pieces: Sequence[Word], kind: str) -> bool:
    """Digits as many as a code has, in one group or more."""
    groups = [one.folded for one in takewhile(lambda one: one.is_number, pieces)]
    digits = "".join(groups)
    if _counts(pieces[len(groups) - 1 :]) if groups else True:
        return False
    if kind == "card":
        return len(digits) in CARD_CODE_DIGITS
    is_phone = len(digits) == MOST_DIGITS and digits[0] == "0"
    return FEWEST_DIGITS <= len(digits) <= MOST_DIGITS and not is_phone


def _told_before(pieces: Sequence[Word]) -> bool:
    """As in "Tulipe33 est mon mot de passe", "I use hunter2 as my password"."""
    rest = list(pieces)
    telling = False
    while rest and (rest[-1].folded in BEFORE_A_LABEL | TELLING or rest[-1].folded in {"c'", COMMA}):
        telling |= rest.pop().folded in TELLING
    if not telling or not rest or (len(rest) > 1 and rest[-2].folded in NOT_BEFORE_A_CODE):
        return False
    one = rest[-1]
    is_number = one.is_number and FEWEST_DIGITS <= len(one.folded) <= MOST_DIGITS
    return one.is_secret_looking or (is_number and not _YEAR.fullmatch(one.folded))


def _told_with_account(before: str, after: Sequence[Word]) -> bool:
    """As in "identifiant marie, mdp tulipe": a name and a word, side by side."""
    account = ACCOUNT.search(before)
    if account is None or not after or after[0].folded in {END, COMMA, SIGN}:
        return False
    name = Word(account[1], account[1])
    ends = len(after) == 1 or after[1].folded in {END, COMMA}
    return ends and not name.is_innocent and not after[0].is_innocent and after[0].folded not in TURNS


def _told_by_its_context(before: str, after: str) -> bool:
    """A code that only its sentence tells to be one: "le code que j'ai reçu est 482913", "mon code 4521"."""
    said_before, said_after = pieces_of(before), pieces_of(after)
    if said_after and said_after[0].folded in OTHER_CODES:
        return False
    if len(said_after) > 1 and said_after[0].folded + said_after[1].folded in OTHER_CODES:
        return False
    is_own = bool(said_before) and said_before[-1].folded in OWN
    sentence = list(takewhile(lambda one: one.folded != END, said_after))
    near = " ".join(one.folded for one in [*said_before[-6:], *sentence])
    if is_own:
        start = 1 if sentence and sentence[0].folded in COPULAS | {SIGN} else 0
        return _is_told(sentence[start:], "code", said=True) and sentence[start:][0].is_number
    if RECEIVED.search(near) is None:
        return False
    return any(
        one.is_number
        and FEWEST_DIGITS <= len(one.folded) <= 8
        and not _YEAR.fullmatch(one.folded)
        and not (place and sentence[place - 1].folded in NOT_BEFORE_A_CODE)
        and not _counts(sentence[place:])
        for place, one in enumerate(sentence)
    )


def _counts(pieces: Sequence[Word]) -> bool:
    """Whether the number that comes first counts something: "8 caractères", "10 fois"."""
    return len(pieces) > 1 and pieces[1].folded in UNITS


def _is(pieces: Sequence[Word], place: int, word: str) -> bool:
    return place < len(pieces) and pieces[place].folded == word
