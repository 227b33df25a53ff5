"""The report of a session: what was done, and for how long; kept as a draft until it is filed."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import AfterValidator, StringConstraints
from starlette.responses import Response

from api.auth import AnyTechnician
from api.dependencies import Dependencies, Given
from api.desks.forms import BLANK, Filled, FormActs, SentForm, tried
from api.desks.images import KEPT, with_images
from api.desks.showing import done
from api.desks.technician.intervention import path_of, shown_act
from api.desks.technician.reading import check_possible, read_intervention
from api.formats import Body, DeclaredMinutes, readable, without_secrets_or_contacts
from api.routes import technician_acts
from api.shapes.acts import Report
from api.ticket_reading import NumberInPath, number_in_path
from db.reads.people import KnownPerson
from db.stores.drafts import draft_of, save_draft
from domain.tickets import Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/interventions", tags=["pages"], include_in_schema=False)


class Draft(Body):
    """Guarded as the report is: what must not be told is not kept either."""

    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
        AfterValidator(readable),
        AfterValidator(without_secrets_or_contacts),
    ]
    declared_minutes: DeclaredMinutes | None = None


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
    plain = number_in_path(number)

    async def keeping() -> None:
        check_possible(await read_intervention(given, person, number), Command.REPORT)
        body = form.body(Draft)
        async with given.sessions.begin() as session:
            await save_draft(session, plain, person.id, body.text, body.declared_minutes, given.clock())

    async def filing() -> None:
        nonlocal form
        form = await with_images(request, given, person, form)
        body = form.body(Report, attachments=form.lists[KEPT])
        await technician_acts.report(person, number, body, acts)

    is_draft = form.value("do") == "draft"
    trouble = await tried(keeping if is_draft else filing)
    if trouble is not None:
        return await _report_page(request, person, given, number, form.again(trouble))
    own = path_of(plain)
    return done(f"{own}/compte-rendu", "brouillon") if is_draft else done(own, "remis")


async def _report_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    seen = await read_intervention(given, person, number)
    if form is None:
        check_possible(seen, Command.REPORT)
    async with given.sessions() as session:
        draft = await draft_of(session, seen.view.number, person.id)
    minutes = draft.declared_minutes if draft and draft.declared_minutes else seen.measured
    blank = BLANK.anew(text=draft.text if draft else None, declared_minutes=minutes)
    saved_at = draft.saved_at if draft else None
    return shown_act(request, person, given, seen, "report", form or blank, saved_at=saved_at)
