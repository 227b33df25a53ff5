"""Form bodies and query strings in Stripe's bracket syntax: `metadata[ticket]=1`, `expand[0]=customer`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from deploy.sandbox.stripe.errors import InvalidParameter

Parameters = dict[str, Any]

_NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


def decode_form(text: str) -> Parameters:
    """Nested dicts and lists of texts; conversion to the declared types comes after."""
    decoded: Parameters = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _place(decoded, _split(name), value, name)
    return {name: _listed(value) for name, value in decoded.items()}


def _split(name: str) -> list[str]:
    match = _NAME.match(name)
    if match is None:
        raise InvalidParameter(f"Invalid parameter name: {name}", code="parameter_unknown", param=name)
    return [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]


def _place(container: Parameters, keys: list[str], value: str, name: str) -> None:
    key, *rest = keys
    if key == "":
        key = str(len(container))
    if not rest:
        container[key] = value
        return
    inner = container.setdefault(key, {})
    if not isinstance(inner, dict):
        raise InvalidParameter(f"Invalid object: {name}", code="parameter_invalid", param=name)
    _place(inner, rest, value, name)


def _listed(value: Any) -> Any:
    """Dicts whose keys are 0, 1, 2 … were arrays."""
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(item) for key, item in value.items()}
    if inner and list(inner) == [str(index) for index in range(len(inner))]:
        return list(inner.values())
    return inner
