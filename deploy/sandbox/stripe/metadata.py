"""Metadata: at most 50 keys of 40 characters with values of 500; an empty value removes a key."""

from typing import Any

from deploy.sandbox.stripe.errors import InvalidParameter

MAXIMUM_KEYS = 50
MAXIMUM_KEY_LENGTH = 40
MAXIMUM_VALUE_LENGTH = 500


def merged(current: dict[str, str] | None, change: Any) -> dict[str, str]:
    """`change` is None (nothing), "" (remove all) or a map in which "" removes one key."""
    if change == "":
        return {}
    result = {**(current or {}), **(change or {})}
    result = {key: value for key, value in result.items() if value != ""}
    _check(result)
    return result


def _check(metadata: dict[str, str]) -> None:
    if len(metadata) > MAXIMUM_KEYS:
        raise InvalidParameter(
            f"Metadata can have up to {MAXIMUM_KEYS} keys.", code="parameter_invalid", param="metadata"
        )
    for key, value in metadata.items():
        if len(key) > MAXIMUM_KEY_LENGTH:
            raise InvalidParameter(
                f"Metadata keys must be up to {MAXIMUM_KEY_LENGTH} characters long.",
                code="parameter_invalid_string",
                param=f"metadata[{key}]",
            )
        if len(value) > MAXIMUM_VALUE_LENGTH:
            raise InvalidParameter(
                f"Metadata values must be up to {MAXIMUM_VALUE_LENGTH} characters long.",
                code="parameter_invalid_string",
                param=f"metadata[{key}]",
            )
