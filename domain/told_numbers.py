"""Numbers that nobody may give away in a text: those of bank cards and of bank accounts.

Each start of a group is looked at once, and no further than the longest number: the time is that of the text.
"""

import re
from functools import cache

from stdnum import ean, iban, luhn, numdb
from stdnum.iso7064 import mod_97_10

from domain.iban import LONGEST as LONGEST_IBAN
from domain.plain_text import Group, code_runs, digit_runs

SHORTEST_CARD, LONGEST_CARD = 13, 19

_LONG = frozenset(range(16, 20))
# First and last prefix of each issuer, and the lengths of its numbers (ISO/IEC 7812, the schemes' tables).
# What begins otherwise is not a card's, however its digits sum up.
ISSUERS: tuple[tuple[str, str, frozenset[int]], ...] = (
    ("4", "4", frozenset({13, 16, 19})),  # Visa
    ("51", "55", frozenset({16})),  # Mastercard
    ("2221", "2720", frozenset({16})),
    ("34", "34", frozenset({15})),  # American Express
    ("37", "37", frozenset({15})),
    ("300", "305", frozenset({14})),  # Diners Club
    ("36", "36", frozenset({14})),
    ("38", "39", frozenset({14})),
    ("3528", "3589", _LONG),  # JCB
    ("6011", "6011", _LONG),  # Discover
    ("644", "659", _LONG),
    ("62", "62", _LONG),  # UnionPay
    ("5018", "5018", _LONG),  # Maestro
    ("5020", "5020", _LONG),
    ("5038", "5038", _LONG),
    ("56", "58", _LONG),
    ("6304", "6304", _LONG),
    ("6390", "6390", _LONG),
    ("67", "67", _LONG),
)
# Lengths of the IBANs that banks of these countries give without having them in SWIFT's registry.
UNREGISTERED_IBANS = {
    **dict.fromkeys(("BF", "BJ", "CI", "HN", "MA", "ML", "NE", "SN", "TG"), 28),
    **dict.fromkeys(("CF", "CG", "CM", "GA", "GQ", "KM", "MG", "TD"), 27),
    **dict.fromkeys(("DZ", "IR"), 26),
    **dict.fromkeys(("AO", "CV", "GW", "MZ"), 25),
}
FEWEST_DIGITS_OF_AN_IBAN = 16
# As a SIRET is written, where its length is that of a Diners Club number.
_SIRET_GROUPS = ([3, 3, 3, 5], [9, 5])
_SIRET_SAID = re.compile(r"\bsiret\b", re.IGNORECASE)
_SAID_BEFORE = 30
_BBAN_PART = re.compile(r"([1-9][0-9]*)!")


def has_card_number(text: str) -> bool:
    """Whether a plain text holds 13 to 19 digits of a known issuer that Luhn's rule confirms, however they
    are grouped. A SIRET, a bar code, two telephone numbers in a row are none, though their digits may be."""
    for run in digit_runs(text):
        cut = _cut(text, run)
        for first in range(len(run)):
            number = ""
            for last in range(first, len(run)):
                number += run[last].written
                if len(number) > LONGEST_CARD:
                    break
                if (
                    _is_card(number)
                    and not cut.intersection({run[first].start, run[last].end})
                    and not _is_siret(text, run[first : last + 1], number)
                ):
                    return True
    return False


def has_iban(text: str) -> bool:
    """Whether a plain text holds an IBAN of any country that has them, however it is grouped."""
    for run in code_runs(text):
        for first, group in enumerate(run):
            code = ""
            for following in run[first : first + LONGEST_IBAN + len("IBAN")]:
                code += following.written
                if len(code) > LONGEST_IBAN + len("IBAN"):
                    break
            code = code.upper()
            if len(group.written) > len("IBAN"):
                code = code.removeprefix("IBAN")
            if code[2:4].isdecimal() and _begins_with_an_iban(code):
                return True
    return False


def _is_card(number: str) -> bool:
    if len(number) < SHORTEST_CARD or not any(
        low <= number[: len(low)] <= high and len(number) in lengths for low, high, lengths in ISSUERS
    ):
        return False
    # Visa gave such numbers long ago; goods from Germany bear a bar code of that length and beginning.
    if len(number) == SHORTEST_CARD and ean.is_valid(number):
        return False
    return luhn.is_valid(number)


def _is_siret(text: str, groups: list[Group], number: str) -> bool:
    """Companies' numbers follow Luhn's rule, as a whole and by their first nine digits."""
    if len(number) != 14 or not luhn.is_valid(number[:9]):
        return False
    start = groups[0].start
    said = _SIRET_SAID.search(text, max(0, start - _SAID_BEFORE), start)
    return said is not None or [len(group.written) for group in groups] in _SIRET_GROUPS


def _cut(text: str, run: list[Group]) -> set[int]:
    """Places inside French telephone numbers written by pairs: no other number begins or ends there."""
    inside: set[int] = set()
    first = 0
    while first < len(run):
        international = run[first].written == "33" and text.startswith("+", run[first].start - 1)
        phone = run[first : first + (6 if international else 5)]
        lengths = [len(group.written) for group in phone]
        if lengths == [2, 1, 2, 2, 2, 2] or (lengths == [2] * 5 and phone[0].written[0] == "0"):
            inside.update(group.start for group in phone[1:])
            inside.update(group.end for group in phone[:-1])
            first += len(phone)
        else:
            first += 1
    return inside


def _begins_with_an_iban(code: str) -> bool:
    country = code[:2]
    length = _iban_length(country)
    if length is not None:
        return iban.is_valid(code[:length], check_country=False)
    written = code[: UNREGISTERED_IBANS.get(country, 0)]
    # Their structure is not known, so that prose could have the right remainder.
    is_number = sum(one.isdecimal() for one in written) >= FEWEST_DIGITS_OF_AN_IBAN
    return is_number and mod_97_10.is_valid(written[4:] + written[:4])


@cache
def _iban_length(country: str) -> int | None:
    """None for a country that is not registered."""
    found = numdb.get("iban").info(country)[0][1]
    structure = found.get("bban")
    return 4 + sum(int(part) for part in _BBAN_PART.findall(structure)) if structure else None
