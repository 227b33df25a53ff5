"""The report of a session: what was done, and for how long; kept as a draft until it is filed."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyTechnician
from api.dependencies import Dependencies, Given
from api.desks.forms import BLANK, Filled, FormActs, SentForm, tried
from api.desks.images import KEPT, with_images
from api.desks.showing import done
from api.desks.technician.intervention import path_of, shown_act
from api.desks.technician.reading import check_possible, read_intervention
from api.routes import technician_acts
from api.shapes.acts import Report
from api.ticket_reading import NumberInPath, number_in_path
from db.reads.people import KnownPerson
from domain.tickets import Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/interventions", tags=["pages"], include_in_schema=False)


@router.get("/{number}/compte-rendu", summary="The page of the report")
async def show(request: Request, person: AnyTechnician, number: NumberInPath, given: Given) -> HTMLResponse:
    return await _report_page(request, person, given, number)


@router.post("/{number}/compte-rendu", summary="File the report, from the page")
async def file(
    request: Request,
    person: AnyTechnician,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    async def filing() -> None:
        nonlocal form
        form = await with_images(request, given, person, form)
        body = form.body(Report, attachments=form.lists[KEPT])
        await technician_acts.report(person, number, body, acts)

    trouble = await tried(filing)
    if trouble is not None:
        return await _report_page(request, person, given, number, form.again(trouble))
    return done(path_of(number_in_path(number)), "remis")


async def _report_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    seen = await read_intervention(given, person, number)
    if form is None:
        check_possible(seen, Command.REPORT)
    return shown_act(
        request, person, given, seen, "report", form or BLANK.anew(declared_minutes=seen.measured)
    )
