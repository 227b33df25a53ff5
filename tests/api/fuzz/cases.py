"""What schemathesis makes of the description, and what lies next to a valid request of the matrix.

Of values that only have the right form, none names a ticket that is there: nearly all would end at the same
few refusals. So three cases in four are the valid request of a route, with a part of it replaced.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation

from tests.api.matrix.asking import Asked
from tests.api.matrix.callers import STRANGER

Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
Generated: TypeAlias = st.SearchStrategy[Case[Any]]

PARTS = ("body", "query", "path_parameters", "headers")
KEY = {"Idempotency-Key": "a key"}


@dataclass(frozen=True)
class Valid:
    """`names` are those in the path."""

    asked: Asked
    names: dict[str, str]

    @property
    def parts(self) -> dict[str, Any]:
        body = self.asked.body if self.asked.body is not None else self.asked.form
        return {
            "body": body if body is not None else {},
            "query": self.asked.query,
            "path_parameters": self.names,
            "headers": KEY | self.asked.headers,
        }


@dataclass(frozen=True)
class Sent:
    """`cookies` are those of the browser, but for the one that signs in, which goes along if `by_cookie`."""

    case: Case[Any]
    caller: str
    by_cookie: bool
    cookies: dict[str, str]


def generated_of(operation: Operation) -> Generated:
    """As the description has it, or wrong in some way, where it can be."""
    right: Generated = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not any(getattr(operation, part) for part in PARTS):
        return right
    wrong: Generated = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    return right | wrong


def exactly(operation: Operation, valid: Valid, caller: str) -> Sent:
    """The valid request itself."""
    parts, media_type = valid.parts, None
    if valid.asked.content is not None:
        parts["body"], media_type = valid.asked.content
    elif not parts["body"]:
        del parts["body"]
    case: Case[Any] = operation.Case(**parts, media_type=media_type)
    return Sent(case, caller, valid.asked.by_cookie, valid.asked.cookies)


@st.composite
def sent(
    draw: Callable[..., Any], generated: Generated, valid: Callable[[str], Valid], callers: Sequence[str]
) -> Sent:
    caller = draw(st.sampled_from(callers))
    asked = valid(caller).asked
    case = draw(generated)
    if draw(st.integers(0, 3)):
        case = _next_to(draw, case, valid(caller))
    by_cookie = caller != STRANGER and (asked.by_cookie or draw(st.booleans()))
    return Sent(case, caller, by_cookie, asked.cookies)


def _next_to(draw: Callable[..., Any], generated: Case[Any], valid: Valid) -> Case[Any]:
    """The valid request, but for a field or two of one part or two, or none."""
    parts, content = valid.parts, valid.asked.content
    there = [part for part in PARTS if parts[part] or _fields(generated, part)]
    touched = draw(st.lists(st.sampled_from(there), max_size=2, unique=True))
    for part in touched:
        parts[part] = _mixed(draw, parts[part], _fields(generated, part))
    media_type = generated.media_type
    if content is not None and "body" not in touched:
        parts["body"], media_type = content
    elif not isinstance(generated.body, Mapping) and ("body" in touched or not parts["body"]):
        # Nothing at all, or what only schemathesis thinks of.
        parts["body"] = generated.body
    case: Case[Any] = generated.operation.Case(**parts, media_type=media_type)
    return case


def _fields(generated: Case[Any], part: str) -> dict[str, Any]:
    value = getattr(generated, part)
    return dict(value) if isinstance(value, Mapping) else {}


def _mixed(draw: Callable[..., Any], valid: dict[str, Any], generated: dict[str, Any]) -> dict[str, Any]:
    """A field or two are the generated one's, or missing as there."""
    fields = sorted({*valid, *generated})
    replaced = draw(st.lists(st.sampled_from(fields), min_size=1, max_size=2))
    kept = {field: value for field, value in valid.items() if field not in replaced}
    return kept | {field: generated[field] for field in replaced if field in generated}
