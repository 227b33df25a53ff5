"""Stripe's own description of its API (OpenAPI 3.0), if it is at hand: what may be sent and what is answered.

It is a reference outside the project, of the version before the SDK's: what it does not know of a request is
named in `conformity.py`.
"""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

# Beside the repository.
DESCRIPTION = Path(__file__).parents[4] / "shared" / "stripe" / "openapi-pruned.json.gz"

Schema = dict[str, Any]


class Description:
    def __init__(self, path: Path = DESCRIPTION) -> None:
        described: Schema = json.loads(gzip.decompress(path.read_bytes()))
        self._paths: dict[str, Schema] = _strict(described["paths"])
        self._components: Schema = _strict(described["components"])

    def operation(self, method: str, path: str) -> Schema | None:
        """The operation at this address. None: the description was cut down, it may lack one."""
        for pattern, operations in self._patterns:
            if pattern.fullmatch(path) and method.lower() in operations:
                found: Schema = operations[method.lower()]
                return found
        return None

    def violations_of_request(self, operation: Schema, parameters: Schema) -> list[str]:
        """`parameters` are of their declared types, not texts."""
        schemas = [
            {"properties": {parameter["name"]: parameter["schema"]}}
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "query"
        ]
        # The body's own schema knows nothing of the query: unknown names are looked for above both.
        schemas += [
            body["schema"] | {"additionalProperties": True}
            for body in operation["requestBody"]["content"].values()
        ]
        known = {name for schema in schemas for name in schema.get("properties", {})}
        unknown = [f"$.{name} is not a parameter" for name in parameters if name not in known]
        return unknown + [error for schema in schemas for error in self._errors(schema, parameters)]

    def violations_of_answer(self, operation: Schema, status: int, body: Schema) -> list[str]:
        answers = operation["responses"]
        answer = answers.get(str(status), answers["default"])
        return self._errors(answer["content"]["application/json"]["schema"], body)

    def violations_of_object(self, object_: Schema, schema: str | None = None) -> list[str]:
        name = schema or object_["object"]
        return self._errors({"$ref": f"#/components/schemas/{name}"}, object_)

    def describes(self, object_: Schema) -> bool:
        return object_["object"] in self._components["schemas"]

    def _errors(self, schema: Schema, value: Schema) -> list[str]:
        validator = Draft202012Validator(schema | {"components": self._components})
        return [message for error in validator.iter_errors(value) for message in _messages(error)]

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], Schema]]:
        """Fixed addresses before those with ids."""
        return [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), self._paths[path])
            for path in sorted(self._paths, key=lambda path: path.count("{"))
        ]


@cache
def stripes_description() -> Description:
    """Read once: that takes longer than most checks."""
    return Description()


def _messages(error: Any) -> Iterator[str]:
    """The branch of an `anyOf` that came nearest says what is wrong."""
    if error.validator == "anyOf" and error.context:
        nearest = max(error.context, key=lambda inner: len(inner.absolute_path))
        branch = [inner for inner in error.context if inner.schema_path[0] == nearest.schema_path[0]]
        for inner in branch:
            yield from _messages(inner)
        return
    yield f"{error.json_path}: {error.message[:200]}"


def _strict(value: Any) -> Any:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema, and no field that is not described."""
    if isinstance(value, list):
        return [_strict(item) for item in value]
    if not isinstance(value, dict):
        return value
    converted = {name: _strict(item) for name, item in value.items() if name != "nullable"}
    if value.get("type") == "object" and "properties" in value:
        converted.setdefault("additionalProperties", False)
    if value.get("nullable") is True:
        return {"anyOf": [converted, {"type": "null"}]}
    return converted
