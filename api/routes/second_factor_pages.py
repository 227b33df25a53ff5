"""The pages of the second factor, between a link and the sign-in, and to replace it. Forms, no script."""

import math
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.responses import Response

from api import french_refusals
from api.auth import signed_in_by_cookie
from api.beginning import Begun, remember_begun
from api.codes import STATUS, ApiCode
from api.dependencies import Dependencies, Given
from api.errors import Problem
from api.pages import form_page, see
from api.second_factor import Step, enrol, look, offer_another, show
from domain.second_factors import in_groups, needs_second_factor

# For people, not for frontends: no part of the API's description.
router = APIRouter(
    prefix="/v1/sign-in/second-factor",
    tags=["pages"],
    default_response_class=HTMLResponse,
    include_in_schema=False,
)

Typed = Annotated[str, Form()]
# Longer than any code, however it is spaced.
LONGEST_CODE = 60
HERE, ASK, DONE = "/v1/sign-in/second-factor", "/v1/sign-in", "/v1/sign-in/done"
CODE, REPLACE = f"{HERE}/code", f"{HERE}/replacement"
# Of the one field there is.
SENTENCES = french_refusals.SENTENCES | {ApiCode.INVALID_INPUT: french_refusals.CODE_MISSING}


@router.get("", summary="The page that asks for a code, or has one's application enrolled")
async def step(given: Given, request: Request) -> Response:
    try:
        found = await look(given, request)
    except Problem as problem:
        return _over(problem)
    return _enrolling(found) if found.offer is not None else _asking(CODE)


@router.post("/code", summary="Show the second factor, from the page")
async def type_code(given: Given, request: Request, code: Typed = "") -> Response:
    try:
        opened = await show(given, request, _checked(code))
    except Problem as problem:
        return _asking(CODE, problem) if _is_about_the_code(problem) else _over(problem)
    return _leads(given, opened, DONE)


@router.post("/enrolment", summary="Enrol one's application, from the page")
async def enrol_application(given: Given, request: Request, code: Typed = "") -> Response:
    """The answer is the one page that shows the recovery codes."""
    try:
        enrolled = await enrol(given, request, _checked(code))
    except Problem as problem:
        if not _is_about_the_code(problem):
            return _over(problem)
        return _enrolling(await look(given, request), problem)
    shown = form_page("second_factor_recovery.html.j2", codes=enrolled.recovery_codes, done=DONE)
    remember_begun(shown, given, enrolled.opened)
    return shown


@router.get("/replacement", summary="The page to replace one's application")
async def replacement(given: Given, request: Request) -> Response:
    try:
        found = await signed_in_by_cookie(request, given)
    except Problem:
        return see(ASK)
    return _asking(REPLACE) if needs_second_factor(found.person.role) else see(DONE)


@router.post("/replacement", summary="Replace one's application, from the page")
async def replace(given: Given, request: Request, code: Typed = "") -> Response:
    try:
        found = await signed_in_by_cookie(request, given)
        if not needs_second_factor(found.person.role):
            return see(DONE)
        pending = await offer_another(given, found.person, _checked(code))
    except Problem as problem:
        if _is_about_the_code(problem):
            return _asking(REPLACE, problem)
        return _over(problem) if problem.code is ApiCode.CROSS_SITE_REQUEST else see(ASK)
    return _leads(given, pending, HERE)


def _checked(code: str) -> str:
    """Raises `Problem(INVALID_INPUT)` for what can be no code, which is not counted among the wrong ones."""
    if not 0 < len(code.strip()) <= LONGEST_CODE:
        raise Problem(ApiCode.INVALID_INPUT)
    return code


def _is_about_the_code(problem: Problem) -> bool:
    return problem.code in {ApiCode.INVALID_INPUT, ApiCode.SECOND_FACTOR_WRONG, ApiCode.TOO_MANY_CODES}


def _asking(action: str, problem: Problem | None = None) -> HTMLResponse:
    """To show a code, here or for a replacement."""
    return _with_error("second_factor_code.html.j2", problem, action=action)


def _enrolling(found: Step, problem: Problem | None = None) -> HTMLResponse:
    return _with_error(
        "second_factor_enrolment.html.j2",
        problem,
        drawing=Markup(found.drawing),  # noqa: S704  # made here, of an address and nothing that was typed
        uri=found.uri,
        secret=in_groups(found.offer or "", " "),
        mail=found.person.mail,
    )


def _with_error(template: str, problem: Problem | None, **words: object) -> HTMLResponse:
    error = SENTENCES[problem.code] if problem else None
    wait = int(problem.headers.get("Retry-After", 0)) if problem else 0
    status = STATUS[problem.code] if problem else HTTPStatus.OK
    shown = form_page(template, status, error=error, wait_minutes=math.ceil(wait / 60), **words)
    shown.headers.update(problem.headers if problem else {})
    return shown


def _over(problem: Problem) -> HTMLResponse:
    sentence = french_refusals.SENTENCES[problem.code]
    return form_page("second_factor_over.html.j2", STATUS[problem.code], sentence=sentence)


def _leads(given: Dependencies, begun: Begun, path: str) -> Response:
    leads = see(path)
    remember_begun(leads, given, begun)
    return leads
