"""The guard's time is that of the text, whatever is written: shown by counting, never by a clock."""

import re
import sys
from re import _parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

import pytest

from domain import password_words, plain_text, sentence_words, told_contacts, told_numbers, told_passwords
from domain.text_guard import secret_or_contact_told

MODULES = (plain_text, told_numbers, told_contacts, password_words, sentence_words, told_passwords)
ADVERSARIAL = [
    "4 ",
    "49 ",
    "1",
    "FR76 ",
    "F R 7 6 ",
    "a@",
    "m @ g . ",
    "@",
    "((((at",
    "mot de passe ",
    "mot de passe de ma boîte est ",
    "mot de ",
    " ",
    "identifiant a ",
    "identifiant ",
    "code ",
    "code recu ",
    "+3 ",
    "00 49 ",
    "06 12 34 56 ",
    ": = « ",
    "d'l'",
    "\ufdfa",
    "\u200b",
    "wa . ",
]


def steps(text: str) -> int:
    """Lines of our rules that run for it."""
    names = {module.__file__ for module in MODULES}
    count = 0

    def line(_: FrameType, event: str, __: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    def call(frame: FrameType, _: str, __: Any) -> Any:
        return line if frame.f_code.co_filename in names else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        secret_or_contact_told(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("unit", ADVERSARIAL)
def test_twice_the_text_takes_twice_the_steps(unit: str) -> None:
    once, twice = (steps((unit * length)[:length]) for length in (1000, 2000))
    assert twice <= 2.2 * once + 500


def patterns(module: ModuleType) -> dict[str, re.Pattern[str]]:
    return {name: value for name, value in vars(module).items() if isinstance(value, re.Pattern)}


def unbounded(parsed: Any) -> list[Any]:
    """The bodies of the repeats without an end, at any depth."""
    found: list[Any] = []
    for operation, argument in parsed:
        if "REPEAT" in str(operation) and argument[1] is _parser.MAXREPEAT:
            found.append(argument[2])
        for part in argument if isinstance(argument, tuple | list) else [argument]:
            for one in part if isinstance(part, list) else [part]:
                if isinstance(one, _parser.SubPattern):
                    found.extend(unbounded(one))
    return found


@pytest.mark.parametrize("module", MODULES)
def test_no_pattern_repeats_a_repeat_without_end(module: ModuleType) -> None:
    """Each repeat without an end is of one character at a time: there is one way to match it, so none to try
    again. The rest has a longest match, whatever the text."""
    for name, pattern in patterns(module).items():
        for body in unbounded(_parser.parse(pattern.pattern, pattern.flags)):
            assert len(body) == 1, name
            assert "REPEAT" not in str(body[0][0]), name
            assert body.getwidth() == (1, 1), name


def test_the_patterns_are_there_to_be_checked() -> None:
    assert sum(len(patterns(module)) for module in MODULES) > 20
    assert unbounded(_parser.parse(r"(?:a|b+)*")) != []
