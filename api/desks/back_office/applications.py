"""Those who would be technicians: who they are, and our answer."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import true
from starlette.responses import Response

from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.desks.back_office import people_skills
from api.desks.back_office.people_words import DONE, REASON
from api.desks.forms import BLANK, Filled, SentForm, settled, tried
from api.desks.sections import PEOPLE
from api.desks.showing import desk_page, done
from api.desks.technician.words import LEVELS
from api.errors import Problem
from api.formats import Id
from api.pagination import Cursor
from api.recording import recorded
from api.routes import applications
from api.shapes.applications import AcceptanceAsked, RefusalAsked, application_view
from db.models.admissions import Application
from db.models.people import Skill
from db.reads.gathered import Wanted, gather
from db.reads.people import KnownPerson
from domain.accesses import Act, Reading
from domain.admissions import ApplicationState

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/candidatures", tags=["pages"], include_in_schema=False)

PATH = "/candidatures"
ON_A_PAGE = 30
InPath = Annotated[Id, Path()]
TONES: dict[str, str] = {
    ApplicationState.OPEN: "act",
    ApplicationState.ACCEPTED: "done",
    ApplicationState.REFUSED: "",
}


@router.get("", summary="The applications", dependencies=[recorded(Reading.APPLICATIONS)])
async def show_all(
    request: Request,
    person: AnyBackOffice,
    given: Given,
    suite: Cursor = None,
    toutes: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    found = await applications.read_applications(person, given, not toutes, suite, ON_A_PAGE)
    return desk_page(
        request,
        person,
        "desk/back_office/applications.html.j2",
        PEOPLE,
        said=DONE,
        applications=found.applications,
        next=found.next,
        is_first=suite is None,
        answered_too=toutes,
        tones=TONES,
        now=given.clock(),
    )


@router.get(
    "/{application}", summary="An application", dependencies=[recorded(Reading.APPLICATIONS, "application")]
)
async def show(request: Request, person: AnyBackOffice, application: InPath, given: Given) -> HTMLResponse:
    return await _application_page(request, person, given, application)


@router.post(
    "/{application}/accepter",
    summary="Accept an application, from the page",
    dependencies=[recorded(Act.APPLICATION_ACCEPTED, "application")],
)
async def accept(
    request: Request,
    person: AnyBackOffice,
    application: InPath,
    given: Given,
    workflows: GivenWorkflows,
    form: SentForm,
) -> Response:
    async def accepting() -> None:
        body = AcceptanceAsked.model_validate(people_skills.said(form), strict=False)
        await applications.accept(person, application, body, form.key, given, workflows)

    trouble = await tried(accepting)
    if trouble is not None:
        again = form.again(people_skills.renamed(trouble, form))
        return await _application_page(request, person, given, application, again)
    return done(f"{PATH}/{application}", "acceptee")


@router.post(
    "/{application}/refuser",
    summary="Refuse an application, from the page",
    dependencies=[recorded(Act.APPLICATION_REFUSED, "application")],
)
async def refuse(
    request: Request,
    person: AnyBackOffice,
    application: InPath,
    given: Given,
    workflows: GivenWorkflows,
    form: SentForm,
) -> Response:
    return await settled(
        form,
        lambda: applications.refuse(person, application, form.body(RefusalAsked), form.key, given, workflows),
        done(f"{PATH}/{application}", "refusee"),
        lambda again: _application_page(request, person, given, application, again),
    )


@router.post(
    "/{application}/effacer",
    summary="Delete an application, from the page",
    dependencies=[recorded(Act.APPLICATION_DELETED, "application")],
)
async def delete(
    request: Request, person: AnyBackOffice, application: InPath, given: Given, form: SentForm
) -> Response:
    return await settled(
        form,
        lambda: applications.delete(person, application, form.key, given),
        done(PATH, "effacee"),
        lambda again: _application_page(request, person, given, application, again),
    )


async def _application_page(
    request: Request, person: KnownPerson, given: Dependencies, application: str, form: Filled | None = None
) -> HTMLResponse:
    """The form of the answer begins with the skills that they say they have."""
    async with given.sessions() as session:
        rows = await gather(
            session,
            Wanted(Application, Application.id == application, (Application.id,)),
            Wanted(Skill, true(), (Skill.label,)),
        )
    found = rows.last(Application)
    if found is None:
        raise Problem(ApiCode.APPLICATION_NOT_FOUND)
    labels = {one.code: one.label for one in rows.of(Skill)}
    shown = form or BLANK.anew()
    return desk_page(
        request,
        person,
        "desk/back_office/application.html.j2",
        PEOPLE,
        form=replace(shown, values=people_skills.over(found.skills, shown)),
        said=DONE,
        application=application_view(found),
        labels={"reason": REASON} | people_skills.labels(rows.of(Skill)),
        tones=TONES,
        said_skills=[(labels.get(code, code), LEVELS[level]) for code, level in found.skills.items()],
        all_skills=rows.of(Skill),
        choices=people_skills.CHOICES,
        own=f"{PATH}/{application}",
        now=given.clock(),
    )
