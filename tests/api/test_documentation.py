"""The OpenAPI description says all of it: who may ask, with what, and what may come back."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from api.codes import ApiCode
from api.documentation import ProblemBody
from domain.errors import Refusal
from tests.api.frontend import Frontend
from tests.support.applications import application

# Never answered by a route: the API finds them out for itself, or no route of today leads there.
UNDOCUMENTED = {
    ApiCode.NOT_FOUND,
    ApiCode.METHOD_NOT_ALLOWED,
    ApiCode.INTERNAL_ERROR,
    Refusal.NOT_YOUR_TICKET,
    # Said by pages.
    ApiCode.PAYMENT_LINK_INVALID,
    ApiCode.SIGN_IN_LINK_INVALID,
    ApiCode.SIGN_IN_LINK_ELSEWHERE,
    ApiCode.SECOND_FACTOR_STEP_OVER,
}


@pytest.fixture
def schema(api: Frontend) -> dict[str, Any]:
    with application(api.given) as app:
        return app.openapi()


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_every_operation_is_described(schema: dict[str, Any]) -> None:
    for _, path, operation in operations(schema):
        assert operation["summary"], path
        assert operation["tags"], path
        summary, *_, role = operation["description"].split("\n")
        assert summary, path
        assert role == f"Role: {', '.join(operation['x-roles']) or 'none needed'}.", path


def test_every_body_has_an_example_that_its_own_schema_accepts(schema: dict[str, Any]) -> None:
    for method, path, operation in operations(schema):
        for content in bodies(operation):
            body = content["schema"]
            if "$ref" not in body:
                continue
            name = body["$ref"].rsplit("/", 1)[1]
            definition = schema["components"]["schemas"][name]
            if name in {"Alive", "Received"}:
                continue
            assert definition.get("examples"), f"{method} {path}: {name}"
            for example in definition["examples"]:
                jsonschema.validate(example, definition | {"components": schema["components"]})


def bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for answer in (operation.get("requestBody", {}), *operation["responses"].values()):
        for kind, content in answer.get("content", {}).items():
            if kind == "application/json":
                variants = content["schema"].get("anyOf", [content["schema"]])
                yield from ({"schema": variant} for variant in variants)


def test_every_error_is_documented_with_its_example(schema: dict[str, Any]) -> None:
    documented = set()
    for method, path, operation in operations(schema):
        for status, answer in operation["responses"].items():
            if int(status) < 400 or path == "/readyz":
                continue
            assert set(answer["content"]) == {"application/problem+json"}, f"{method} {path} {status}"
            for code, example in answer["content"]["application/problem+json"]["examples"].items():
                assert ProblemBody.model_validate(example["value"]).status == int(status)
                documented.add(code)
    assert documented == {code.value for code in (*ApiCode, *Refusal) if code not in UNDOCUMENTED}


def test_what_a_cookie_could_sign_for_another_site_says_that_it_is_refused(schema: dict[str, Any]) -> None:
    for method, path, operation in operations(schema):
        if method == "get" or not operation["x-roles"]:
            continue
        forbidden = operation["responses"]["403"]["content"]["application/problem+json"]["examples"]
        assert ApiCode.CROSS_SITE_REQUEST in forbidden, f"{method} {path}"


# Nobody has signed in yet, or twice is once; a code counts once whatever is sent with it.
WITHOUT_KEY = (
    *("/v1/webhooks", "/v1/sign-in", "/v1/sign-out", "/v1/tokens", "/v1/me/sign-ins"),
    "/v1/me/second-factor",
)


def test_every_command_needs_its_key_in_the_description(schema: dict[str, Any]) -> None:
    for method, path, operation in operations(schema):
        headers = [one for one in operation.get("parameters", []) if one["name"] == "Idempotency-Key"]
        wanted = method != "get" and not path.startswith(WITHOUT_KEY)
        assert [one["required"] for one in headers] == ([True] if wanted else []), path


def test_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    text = json.dumps(schema)
    names = {part.split('"', 1)[0] for part in text.split('"#/components/schemas/')[1:]}
    assert names <= set(schema["components"]["schemas"])
