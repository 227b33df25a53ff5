"""The pages by which a person signs in. They work in any browser: forms, no script."""

import math
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from starlette.responses import Response

from api import cookies, french, french_refusals
from api.auth import signed_in_by_cookie
from api.beginning import Begun, Opened, remember_begun
from api.codes import STATUS, ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.errors import Problem
from api.formats import MAIL_ADDRESS
from api.french_fields import message
from api.pages import form_page, see
from api.returning import wanted_page
from api.sign_in_links import ask, look, remember_browser, sign_browser_out, use
from db.stores import sign_ins
from domain.second_factors import needs_second_factor
from domain.sign_ins import lifetime_of

# For people, not for frontends: no part of the API's description.
router = APIRouter(
    prefix="/v1/sign-in", tags=["pages"], default_response_class=HTMLResponse, include_in_schema=False
)

Token = Annotated[str, Path(max_length=1000, description="As the mail's link has it.")]
Typed = Annotated[str, Form(max_length=400)]
ASK, DONE, SECOND = "/v1/sign-in", "/v1/sign-in/done", "/v1/sign-in/second-factor"


@router.get("", summary="The page to ask for a link")
async def show(given: Given) -> Response:
    return _asking(given)


@router.post("/asked", summary="Ask for a link, from the page")
async def asked(given: Given, workflows: GivenWorkflows, request: Request, mail: Typed = "") -> Response:
    """Shows the address again, so that who mistyped it sees it. Says nothing of whether anybody has it."""
    try:
        address = MAIL_ADDRESS.validate_python(mail)
    except ValidationError as wrong:
        return _asking(given, STATUS[ApiCode.INVALID_INPUT], mail, message(wrong.errors()[0]))
    try:
        browser = await ask(given, workflows, request, address)
    except Problem as problem:
        wait = int(problem.headers.get("Retry-After", 0))
        sentence = french_refusals.SENTENCES[problem.code]
        shown = _asking(given, STATUS[problem.code], mail, sentence, math.ceil(wait / 60))
        shown.headers.update(problem.headers)
        return shown
    shown = form_page("sign_in_asked.html.j2", mail=address)
    remember_browser(shown, given, browser)
    return shown


@router.get("/links/{token}", summary="The page that a link opens")
async def confirm(token: Token, given: Given, request: Request) -> Response:
    """Signs nobody in by itself: programs open links too."""
    try:
        person = await look(given, request, token)
    except Problem as problem:
        return _refused(problem)
    return form_page("sign_in_confirm.html.j2", name=person.name, mail=person.mail, token=token)


@router.post("/links/{token}", summary="Sign in, by the page's button")
async def sign_in(token: Token, given: Given, request: Request) -> Response:
    try:
        begun = await use(given, request, token)
    except Problem as problem:
        return _refused(problem)
    return lead_on(given, begun)


@router.get("/done", summary="Signed in")
async def done(given: Given, request: Request) -> Response:
    try:
        found = await signed_in_by_cookie(request, given)
    except Problem:
        return see(ASK)
    wanted = wanted_page(request, given)
    if wanted is not None:
        leads = see(wanted)
        cookies.remove(leads, given, cookies.WANTED)
        return leads
    ends = found.began_at + lifetime_of(found.person.role).at_most
    allowed = [one.issuer for one in given.providers.values() if found.person.role in one.issuer.roles]
    return form_page(
        "signed_in.html.j2",
        name=found.person.name,
        role=french.ROLES[found.person.role],
        ends_at=ends,
        issuers=allowed,
        has_second_factor=needs_second_factor(found.person.role),
    )


@router.post("/end", summary="Sign out, from the page")
async def end(given: Given, request: Request) -> Response:
    try:
        found = await signed_in_by_cookie(request, given)
    except Problem as problem:
        if problem.code is ApiCode.CROSS_SITE_REQUEST:
            return _refused(problem)
    else:
        async with given.sessions.begin() as session:
            await sign_ins.revoke(session, found.id, given.clock())
    leads = see(ASK)
    sign_browser_out(leads, given)
    return leads


def _asking(
    given: Dependencies,
    status: HTTPStatus = HTTPStatus.OK,
    mail: str = "",
    error: str | None = None,
    wait_minutes: int = 0,
) -> HTMLResponse:
    issuers = [provider.issuer for provider in given.providers.values()]
    return form_page(
        "sign_in.html.j2", status, mail=mail, error=error, wait_minutes=wait_minutes, issuers=issuers
    )


def lead_on(given: Dependencies, begun: Begun) -> Response:
    """To the page that comes after the first factor, whichever that was."""
    leads = see(DONE if isinstance(begun, Opened) else SECOND)
    remember_begun(leads, given, begun)
    return leads


def _refused(problem: Problem) -> HTMLResponse:
    sentence = french_refusals.SENTENCES[problem.code]
    elsewhere = problem.code is ApiCode.SIGN_IN_LINK_ELSEWHERE
    return form_page("sign_in_refused.html.j2", STATUS[problem.code], sentence=sentence, elsewhere=elsewhere)
