"""Stripe's own description of its objects, if it is beside the repository."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

DESCRIPTION = Path(__file__).parents[4] / "shared" / "stripe" / "openapi-pruned.json.gz"


@cache
def _description() -> dict[str, Any]:
    described: dict[str, Any] = _nullable(json.loads(gzip.decompress(DESCRIPTION.read_bytes())))
    return described


def violations(object_: dict[str, Any], schema: str | None = None) -> list[str]:
    """What is wrong with an answered object, field by field; unknown fields count."""
    name = schema or object_["object"]
    validator = Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": _description()["components"]}
    )
    errors = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(object_)]
    known = _description()["components"]["schemas"][name]["properties"]
    return errors + [f"{field} is not a field of {name}" for field in object_ if field not in known]


def _nullable(value: Any) -> Any:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema."""
    if isinstance(value, list):
        return [_nullable(item) for item in value]
    if not isinstance(value, dict):
        return value
    converted = {name: _nullable(item) for name, item in value.items() if name != "nullable"}
    if value.get("nullable") is True:
        return {"anyOf": [converted, {"type": "null"}]}
    return converted
