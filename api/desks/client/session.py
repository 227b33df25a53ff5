"""What a client does for a session: consents to it, accepts a longer one, stops it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyClient
from api.consent_text import CURRENT_VERSION, TEXTS
from api.dependencies import Dependencies, Given
from api.desks.client.act_pages import act_page, back, pressed, shown_act
from api.desks.client.reading import check_possible, read_request
from api.desks.client.request import ANYDESK
from api.desks.forms import BLANK, Filled, FormActs, SentForm, settled
from api.routes import client_acts
from api.shapes.acts import Consent, Extend
from api.ticket_reading import NumberInPath
from db.reads.people import KnownPerson
from domain.duration import CEILING_STEP_MINUTES, LONGEST_CEILING_MINUTES
from domain.tickets import Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/demandes", tags=["pages"], include_in_schema=False)

TEXT = {"text": TEXTS[CURRENT_VERSION], "version": CURRENT_VERSION, "anydesk": ANYDESK}


@router.get("/{number}/accord", summary="The page to consent to remote control")
async def show_consent(
    request: Request, person: AnyClient, number: NumberInPath, given: Given
) -> HTMLResponse:
    seen = await read_request(given, person, number)
    check_possible(seen, Command.CONSENT)
    form = BLANK.anew(anydesk_id=seen.view.anydesk_id)
    return shown_act(request, person, given, seen, "consent", form, **TEXT)


@router.post("/{number}/accord", summary="Consent to remote control, from the page")
async def consent(
    request: Request, person: AnyClient, number: NumberInPath, given: Given, form: SentForm, acts: FormActs
) -> Response:
    return await settled(
        form,
        lambda: client_acts.consent(person, number, form.body(Consent), acts),
        back(number, "accord"),
        lambda again: act_page(
            request, person, given, number, Command.CONSENT, "consent", form=again, **TEXT
        ),
    )


@router.get("/{number}/prolonger", summary="The page to accept a longer session")
async def show_extend(
    request: Request, person: AnyClient, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await _extend_page(request, person, given, number)


@router.post("/{number}/prolonger", summary="Accept a longer session, from the page")
async def extend(
    request: Request, person: AnyClient, number: NumberInPath, given: Given, form: SentForm, acts: FormActs
) -> Response:
    return await settled(
        form,
        lambda: client_acts.extend(person, number, form.body(Extend), acts),
        back(number, "prolongee"),
        lambda again: _extend_page(request, person, given, number, again),
    )


async def _extend_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    seen = await read_request(given, person, number)
    if form is None:
        check_possible(seen, Command.EXTEND)
    first = seen.view.ceiling_minutes + CEILING_STEP_MINUTES
    ceilings = range(first, LONGEST_CEILING_MINUTES + 1, CEILING_STEP_MINUTES)
    filled = form or BLANK.anew(ceiling_minutes=first)
    return shown_act(request, person, given, seen, "extend", filled, ceilings=ceilings)


@router.post("/{number}/arreter", summary="Stop the session, from the page")
async def stop(
    request: Request, person: AnyClient, number: NumberInPath, given: Given, form: SentForm, acts: FormActs
) -> Response:
    return await pressed(
        request, person, given, number, form, "arretee", lambda: client_acts.stop(person, number, acts)
    )
