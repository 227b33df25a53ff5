"""Errors as `application/problem+json` (RFC 9457), with a stable code and a French sentence: all of them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from api.codes import REFUSALS, STATUS, ApiCode, Code
from api.field_messages import message
from api.french import SENTENCES, TITLES
from db.stores.requests import KeyReusedError
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


HTTP_CODES: dict[int, ApiCode] = {
    400: ApiCode.MALFORMED_JSON,
    404: ApiCode.NOT_FOUND,
    405: ApiCode.METHOD_NOT_ALLOWED,
}


async def _problem(_: Request, error: Exception) -> JSONResponse:
    match error:
        case Problem():
            return response(error)
        case Refused():
            return response(refused(error))
        case RequestValidationError():
            return response(invalid_fields(error))
        case KeyReusedError():
            return response(Problem(ApiCode.IDEMPOTENCY_KEY_REUSED))
        case TooLarge():
            return response(Problem(error.code))
        case HTTPException():
            code = HTTP_CODES.get(error.status_code, ApiCode.INTERNAL_ERROR)
            return response(Problem(code, error.headers))
        case _:
            return response(Problem(ApiCode.DATABASE_UNAVAILABLE))


# What SQLAlchemy raises when the server is away, starting, out of connections, or too slow to answer.
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeoutError)


def answer_with_problems(app: FastAPI) -> None:
    ours = (Problem, Refused, KeyReusedError, RequestValidationError, HTTPException)
    for kind in (*ours, *DATABASE_AWAY):
        app.add_exception_handler(kind, _problem)
