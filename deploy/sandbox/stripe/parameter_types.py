"""The parameters that Stripe's own SDK declares, and texts converted to those types.

The SDK's TypedDicts (`stripe.params`) are generated from Stripe's description of the API version it
pins. Reading them here means that the sandbox and the SDK can never disagree about a name.
"""

import re
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from stripe import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import is_typeddict

from deploy.sandbox.stripe.errors import InvalidParameter, missing_parameter, unknown_parameter
from deploy.sandbox.stripe.parameters import Parameters

# Names that the SDK imports for type checkers only.
_TYPE_CHECKING_NAMES = {"StripeContext": object, "Mapping": Mapping}
_WHOLE_NUMBER = re.compile(r"-?\d{1,18}")


@cache
def declared_parameters(params: type) -> dict[str, Any]:
    """The parameters that go over the wire, without the SDK's own request options."""
    hints = get_type_hints(params, localns=_TYPE_CHECKING_NAMES)
    return {name: hint for name, hint in hints.items() if name not in RequestOptions.__annotations__}


def convert_parameters(params: type, raw: Parameters, path: str = "") -> Parameters:
    """Texts to declared types.

    Raises `InvalidParameter` for a name that Stripe does not know, a required one that is absent,
    and a text that is not of the declared type.
    """
    declared = declared_parameters(params)
    for name in raw:
        if name not in declared:
            raise unknown_parameter(_join(path, name))
    required: frozenset[str] = getattr(params, "__required_keys__", frozenset())
    for name in declared:
        if name in required and name not in raw:
            raise missing_parameter(_join(path, name))
    return {name: _convert(declared[name], value, _join(path, name)) for name, value in raw.items()}


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _convert(declared: Any, value: Any, path: str) -> Any:
    origin = get_origin(declared)
    if origin in (Union, UnionType):
        return _convert_union(_members(declared), value, path)
    if origin is Literal:
        return _convert_choice(get_args(declared), value, path)
    if origin is list:
        return _convert_list(get_args(declared)[0], value, path)
    if origin is dict:
        return _convert_mapping(get_args(declared)[1], value, path)
    if is_typeddict(declared):
        return convert_parameters(declared, _expect(dict, value, path, "object", "hash"), path)
    return _convert_text(declared, value, path)


def _members(declared: Any) -> list[Any]:
    """The SDK writes `Literal[…] | str` so that it accepts tomorrow's values; Stripe does not, today."""
    members = [member for member in get_args(declared) if get_origin(member) is not UntypedStripeObject]
    closed = any(get_origin(member) is Literal and get_args(member) != ("",) for member in members)
    return [member for member in members if not (closed and member is str)]


def _convert_union(members: list[Any], value: Any, path: str) -> Any:
    if value == "" and any(get_origin(member) is Literal and "" in get_args(member) for member in members):
        return ""
    refusals = []
    for member in sorted(members, key=lambda member: member is str):
        try:
            return _convert(member, value, path)
        except InvalidParameter as refusal:
            refusals.append(refusal)
    structured = [refusal for refusal in refusals if refusal.param != path]
    raise (structured or refusals[::-1])[0]


def _convert_choice(choices: tuple[Any, ...], value: Any, path: str) -> str:
    text: str = _expect(str, value, path, "string", "text")
    if text not in choices:
        allowed = ", ".join(str(choice) for choice in choices if choice)
        raise InvalidParameter(
            f"Invalid {path}: must be one of {allowed}", code="parameter_invalid", param=path
        )
    return text


def _convert_list(item: Any, value: Any, path: str) -> list[Any]:
    items = _expect(list, value, path, "array", "list")
    return [_convert(item, element, f"{path}[{index}]") for index, element in enumerate(items)]


def _convert_mapping(item: Any, value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, list):  # keys that happen to be 0, 1, 2 …
        value = {str(index): element for index, element in enumerate(value)}
    entries = _expect(dict, value, path, "object", "hash")
    # An empty text unsets one key of a map, so it is allowed here and nowhere else.
    return {
        key: "" if element == "" else _convert(item, element, f"{path}[{key}]")
        for key, element in entries.items()
    }


def _convert_text(declared: Any, value: Any, path: str) -> Any:
    text: str = _expect(str, value, path, "string", "text")
    if declared is bool:
        if text not in ("true", "false"):
            raise InvalidParameter(f"Invalid boolean: {text}", code="parameter_invalid_boolean", param=path)
        return text == "true"
    if declared is int:
        if not _WHOLE_NUMBER.fullmatch(text):
            raise InvalidParameter(f"Invalid integer: {text}", code="parameter_invalid_integer", param=path)
        return int(text)
    if text == "":
        message = (
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a "
            f"parameter; however '{path}' cannot be unset. You should remove '{path}' from your request "
            "or supply a non-empty value."
        )
        raise InvalidParameter(message, code="parameter_invalid_empty", param=path)
    return text


def _expect(kind: type, value: Any, path: str, name: str, code_name: str) -> Any:
    if not isinstance(value, kind):
        shown = value if isinstance(value, str) else "…"
        raise InvalidParameter(
            f"Invalid {name}: {shown}",
            code=f"parameter_invalid_{'string' if kind is str else code_name}",
            param=path,
        )
    return value
