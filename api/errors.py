"""Errors as `application/problem+json` (RFC 9457), with a stable code and a French sentence: all of them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.codes import REFUSALS, STATUS, ApiCode, Code
from api.french_fields import message
from api.french_refusals import SENTENCES, TITLES
from domain.errors import Refusal, Refused

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2


class Problem(Exception):
    """An answer other than the one asked for. `more` is added to its body."""

    def __init__(self, code: Code, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(code.value)
        self.code = code
        self.headers = dict(headers or {})
        self.more = more


class TooLarge(HTTPException):
    """A body over its limit, found out while it is read: there FastAPI lets only `HTTPException` through."""

    def __init__(self, code: ApiCode) -> None:
        super().__init__(STATUS[code].value)
        self.code = code


def body(code: Code, **more: Any) -> dict[str, Any]:
    status = STATUS[code]
    return {
        "type": f"urn:omeasupport:{code.value}",
        "title": TITLES[status],
        "status": status.value,
        "detail": SENTENCES[code],
        "code": code.value,
        **more,
    }


def response(problem: Problem) -> JSONResponse:
    status = STATUS[problem.code]
    headers = problem.headers
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS), **headers}
    if status is HTTPStatus.UNAUTHORIZED:
        headers = {"WWW-Authenticate": "Bearer", **headers}
    return JSONResponse(body(problem.code, **problem.more), status.value, headers, MEDIA_TYPE)


def refused(refusal: Refused) -> Problem:
    return Problem(refusal.code, details=refusal.details) if refusal.details else Problem(refusal.code)


def invalid_fields(error: RequestValidationError) -> Problem:
    """Each wrong field with its code and sentence. A single wrong field that the rules have a code for
    (a phone number, a duration) gives its code to the whole answer."""
    details = error.errors()
    if any(detail["type"] == "json_invalid" for detail in details):
        return Problem(ApiCode.MALFORMED_JSON)
    fields = [
        {
            "field": ".".join(str(part) for part in detail["loc"][1:]),
            "code": detail["type"],
            "detail": message(detail),
        }
        for detail in details
    ]
    kinds = {str(detail["type"]) for detail in details}
    only = kinds.pop() if len(kinds) == 1 else ""
    return Problem(Refusal(only) if only in REFUSALS else ApiCode.INVALID_INPUT, errors=fields)
