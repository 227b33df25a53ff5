"""The way to an issuer and back. Forms and redirections, no script."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api import french_refusals
from api.codes import STATUS, ApiCode
from api.dependencies import Dependencies, Given
from api.errors import Problem
from api.issuer_sign_in import come_back, forget_attempt, remember_attempt, sent_to, sent_to_link
from api.pages import form_page, see
from api.routes.sign_in_pages import DONE, lead_on

# For people, not for frontends: no part of the API's description.
router = APIRouter(
    prefix="/v1/sign-in/with", tags=["pages"], default_response_class=HTMLResponse, include_in_schema=False
)

Key = Annotated[str, Path(max_length=40, description="As the settings name the issuer.")]


@router.post("/{issuer}", summary="Sign in by an issuer")
async def begin(issuer: Key, given: Given, request: Request) -> Response:
    try:
        address, attempt = await sent_to(given, request, issuer)
    except Problem as problem:
        return _refused(given, issuer, problem)
    leads = see(address)
    remember_attempt(leads, given, attempt)
    return leads


@router.post("/{issuer}/link", summary="Add an identity to the account that is signed in")
async def begin_to_link(issuer: Key, given: Given, request: Request) -> Response:
    try:
        address, attempt = await sent_to_link(given, request, issuer)
    except Problem as problem:
        return _refused(given, issuer, problem)
    leads = see(address)
    remember_attempt(leads, given, attempt)
    return leads


@router.get("/{issuer}/back", summary="Back from an issuer")
async def back(issuer: Key, given: Given, request: Request) -> Response:
    try:
        begun = await come_back(given, request, issuer)
    except Problem as problem:
        shown = _refused(given, issuer, problem)
        if problem.code is not ApiCode.ISSUER_UNAVAILABLE:
            forget_attempt(shown, given)
        # Else the page may be loaded again: the code, unused, is good for a while.
        return shown
    if begun is not None:
        return lead_on(given, begun)
    leads = see(DONE)
    forget_attempt(leads, given)
    return leads


def _refused(given: Dependencies, issuer: str, problem: Problem) -> HTMLResponse:
    provider = given.providers.get(issuer)
    return form_page(
        "sign_in_with_refused.html.j2",
        STATUS[problem.code],
        sentence=french_refusals.SENTENCES[problem.code],
        away=problem.code is ApiCode.ISSUER_UNAVAILABLE,
        unknown=problem.code is ApiCode.IDENTITY_UNKNOWN,
        name=provider.issuer.name if provider else None,
    )
