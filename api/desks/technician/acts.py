"""What a technician does to an intervention: the buttons of its page, and the pages that ask one thing."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyTechnician
from api.dependencies import Dependencies, Given
from api.desks.forms import FormActs, Sent, SentForm, settled
from api.desks.sections import AGENDA
from api.desks.showing import done
from api.desks.technician.intervention import act_page, intervention_page, path_of
from api.routes import technician_acts
from api.shapes.acts import Incident, Start, WithReason
from api.ticket_reading import NumberInPath, number_in_path
from db.reads.people import KnownPerson
from domain.tickets import Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/interventions", tags=["pages"], include_in_schema=False)


@router.post("/{number}/confirmer", summary="Confirm an appointment, from the page")
async def acknowledge(
    request: Request,
    person: AnyTechnician,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    act = technician_acts.acknowledge
    return await _pressed(
        request, person, given, number, form, "confirmee", lambda: act(person, number, acts)
    )


@router.post("/{number}/appel", summary="Record a call, from the page")
async def call(
    request: Request,
    person: AnyTechnician,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    act = technician_acts.call
    return await _pressed(request, person, given, number, form, "appel", lambda: act(person, number, acts))


@router.post("/{number}/commencer", summary="Start the session, from the page")
async def start(
    request: Request,
    person: AnyTechnician,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    act = technician_acts.start
    return await _pressed(
        *(request, person, given, number, form, "commencee"),
        lambda: act(person, number, form.body(Start), acts),
    )


@router.post("/{number}/terminer", summary="End the session, from the page")
async def end(
    request: Request,
    person: AnyTechnician,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    act = technician_acts.end
    return await _pressed(request, person, given, number, form, "terminee", lambda: act(person, number, acts))


@router.get("/{number}/decliner", summary="The page to decline an appointment")
async def show_decline(
    request: Request, person: AnyTechnician, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await act_page(request, person, given, number, Command.DECLINE, "decline")


@router.post("/{number}/decliner", summary="Decline an appointment, from the page")
async def decline(
    request: Request,
    person: AnyTechnician,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    """It is somebody else's from now on: the page leads to what is left."""
    act = technician_acts.decline
    return await settled(
        form,
        lambda: act(person, number, acts, form.body(WithReason)),
        done(AGENDA.path, "declinee"),
        lambda again: act_page(request, person, given, number, Command.DECLINE, "decline", form=again),
    )


@router.get("/{number}/absence", summary="The page to report the client absent")
async def show_absent(
    request: Request, person: AnyTechnician, number: NumberInPath, given: Given
) -> HTMLResponse:
    span = given.deadlines.absence
    return await act_page(request, person, given, number, Command.ABSENT, "absent", span=span)


@router.post("/{number}/absence", summary="Report the client absent, from the page")
async def absent(
    request: Request,
    person: AnyTechnician,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    span = given.deadlines.absence
    return await settled(
        form,
        lambda: technician_acts.absent(person, number, acts),
        _back(number, "absent"),
        lambda again: act_page(
            request, person, given, number, Command.ABSENT, "absent", form=again, span=span
        ),
    )


@router.get("/{number}/incident", summary="The page to call the back office")
async def show_incident(
    request: Request, person: AnyTechnician, number: NumberInPath, given: Given
) -> HTMLResponse:
    return await act_page(request, person, given, number, Command.INCIDENT, "incident")


@router.post("/{number}/incident", summary="Call the back office, from the page")
async def incident(
    request: Request,
    person: AnyTechnician,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    act = technician_acts.incident
    return await settled(
        form,
        lambda: act(person, number, form.body(Incident), acts),
        _back(number, "incident"),
        lambda again: act_page(request, person, given, number, Command.INCIDENT, "incident", form=again),
    )


async def _pressed(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    number: str,
    form: Sent,
    what: str,
    act: Callable[[], Awaitable[object]],
) -> Response:
    """A form of the intervention's own page: refused, that page says why."""
    return await settled(
        form, act, _back(number, what), lambda again: intervention_page(request, person, given, number, again)
    )


def _back(number: str, what: str) -> Response:
    """To the intervention, which says that it is done."""
    return done(path_of(number_in_path(number)), what)
