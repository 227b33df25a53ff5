"""What is answered instead of what was asked for: a problem to frontends, a page to people in a browser."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from api.codes import ApiCode
from api.error_pages import error_page, wants_page
from api.errors import Problem, TooLarge, invalid_fields, refused, response
from api.kept_forms import kept_form
from api.returning import SIGNED_OUT, to_sign_in
from db.stores.requests import KeyReusedError
from domain.errors import Refused

HTTP_CODES: dict[int, ApiCode] = {
    400: ApiCode.MALFORMED_JSON,
    404: ApiCode.NOT_FOUND,
    405: ApiCode.METHOD_NOT_ALLOWED,
}
# What SQLAlchemy raises when the server is away, starting, out of connections, or too slow to answer.
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeoutError)


def answer_to(scope: Scope, problem: Problem) -> Response:
    """Who is not signed in, in a browser, is led to where they sign in, and from there back."""
    if not wants_page(scope):
        return response(problem)
    return to_sign_in(scope) if problem.code in SIGNED_OUT else error_page(problem)


def problem_of(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case Refused():
            return refused(error)
        case RequestValidationError():
            return invalid_fields(error)
        case KeyReusedError():
            return Problem(ApiCode.IDEMPOTENCY_KEY_REUSED)
        case TooLarge():
            return Problem(error.code)
        case HTTPException():
            return Problem(HTTP_CODES.get(error.status_code, ApiCode.INTERNAL_ERROR), error.headers)
        case _:
            return Problem(ApiCode.DATABASE_UNAVAILABLE)


async def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem.code in SIGNED_OUT:
        try:
            kept = await kept_form(request)
        except HTTPException as unreadable:
            problem = problem_of(unreadable)
        else:
            if kept is not None:
                return kept
    return answer_to(request.scope, problem)


def answer_with_problems(app: FastAPI) -> None:
    ours = (Problem, Refused, KeyReusedError, RequestValidationError, HTTPException)
    for kind in (*ours, *DATABASE_AWAY):
        app.add_exception_handler(kind, _answer)
