"""The pages by which a client signs up. They work in any browser: forms, no script."""

import math
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from starlette.responses import Response

from api import french, french_refusals
from api.accepted_texts import IN_FORCE, WORDS
from api.codes import STATUS, ApiCode
from api.dependencies import Given, GivenWorkflows
from api.errors import Problem
from api.formats import MAIL_ADDRESS, PERSON_NAME
from api.french_fields import message
from api.pages import form_page, page
from api.routes.sign_in_pages import Token, Typed, lead_on
from api.sign_up import Stranger, ask, look, remember, use
from domain.admissions import AcceptedText

# For people, not for frontends: no part of the API's description.
router = APIRouter(
    prefix="/v1/sign-up", tags=["pages"], default_response_class=HTMLResponse, include_in_schema=False
)

# A box that is ticked says so; one that is not says nothing.
Ticked = Annotated[str | None, Form(max_length=10)]
Shown = Annotated[str, Form(max_length=40)]


@router.get("", summary="The page to ask for an account")
async def show() -> Response:
    return _asking()


@router.post("/asked", summary="Ask for an account, from the page")
async def asked(
    given: Given,
    workflows: GivenWorkflows,
    request: Request,
    terms: Shown = "",
    privacy: Shown = "",
    name: Typed = "",
    mail: Typed = "",
    accepted: Ticked = None,
) -> Response:
    """Says nothing of whether anybody has that address."""
    typed = {"name": name, "mail": mail}
    named = None
    try:
        named = PERSON_NAME.validate_python(name)
        said = Stranger(named, MAIL_ADDRESS.validate_python(mail), terms, privacy)
    except ValidationError as wrong:
        error = message(wrong.errors()[0])
        return _asking(STATUS[ApiCode.INVALID_INPUT], error=error, about_name=named is None, **typed)
    if accepted is None:
        return _asking(STATUS[ApiCode.INVALID_INPUT], error=french.TERMS_TO_ACCEPT, **typed)
    try:
        browser = await ask(given, workflows, request, said)
    except Problem as problem:
        wait = math.ceil(int(problem.headers.get("Retry-After", 0)) / 60)
        error = french_refusals.SENTENCES[problem.code]
        shown = _asking(STATUS[problem.code], error=error, wait_minutes=wait, **typed)
        shown.headers.update(problem.headers)
        return shown
    shown = form_page("sign_up_asked.html.j2", mail=said.mail)
    remember(shown, given, browser)
    return shown


@router.get("/texts/{text}", summary="A text that an account comes with")
async def read_text(text: AcceptedText) -> Response:
    title = french.TEXTS[text].capitalize()
    paragraphs = WORDS[text].split("\n\n")
    return page("sign_up_text.html.j2", title=title, paragraphs=paragraphs, version=IN_FORCE[text])


@router.get("/links/{token}", summary="The page that a sign-up's link opens")
async def confirm(token: Token, given: Given) -> Response:
    """Opens no account by itself: programs open links too."""
    try:
        found = await look(given, token)
    except Problem as problem:
        return _refused(problem)
    return form_page("sign_up_confirm.html.j2", name=found.name, mail=found.mail, token=token)


@router.post("/links/{token}", summary="Open the account, by the page's button")
async def open_account(token: Token, given: Given, request: Request) -> Response:
    try:
        begun = await use(given, request, token)
    except Problem as problem:
        return _refused(problem)
    if begun is None:
        return form_page("signed_up.html.j2")
    return lead_on(given, begun)


def _asking(status: HTTPStatus = HTTPStatus.OK, **words: object) -> HTMLResponse:
    shown = {"name": "", "mail": "", "error": None, "about_name": False, "wait_minutes": 0} | words
    versions = {text.value: version for text, version in IN_FORCE.items()}
    return form_page("sign_up.html.j2", status, **shown, **versions)


def _refused(problem: Problem) -> HTMLResponse:
    sentence, known = french_refusals.SENTENCES[problem.code], problem.code is ApiCode.MAIL_TAKEN
    return form_page("sign_up_refused.html.j2", STATUS[problem.code], sentence=sentence, known=known)
