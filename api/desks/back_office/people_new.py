"""An account for somebody new: a client on the phone, a technician whom we know, a colleague."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyBackOffice
from api.dependencies import Given, GivenWorkflows
from api.desks.back_office.people_file import path_of
from api.desks.back_office.people_words import KINDS, Kind
from api.desks.forms import BLANK, Filled, Sent, SentForm, tried
from api.desks.sections import PEOPLE
from api.desks.showing import desk_page, done
from api.recording import recorded
from api.routes import clients, colleagues, technicians
from api.shapes.admissions import ClientAsked
from api.shapes.colleagues import ColleagueAsked
from api.shapes.technicians import TechnicianAsked
from db.reads.people import KnownPerson
from domain.accesses import Act

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix=f"{PEOPLE.path}/nouveau", tags=["pages"], include_in_schema=False)

CLIENT, TECHNICIAN, COLLEAGUE = KINDS


@router.get("", summary="The page to open an account for somebody")
async def show(
    request: Request,
    person: AnyBackOffice,
    sorte: Annotated[str, Query(max_length=20)] = CLIENT.word,
) -> HTMLResponse:
    kind = next((one for one in KINDS if one.word == sorte), CLIENT)
    return _page(request, person, kind, BLANK.anew())


@router.post(
    "/clients",
    summary="Open an account for a client, from the page",
    dependencies=[recorded(Act.CLIENT_ADDED)],
)
async def add_client(
    request: Request, person: AnyBackOffice, given: Given, workflows: GivenWorkflows, form: SentForm
) -> Response:
    async def adding() -> str:
        return (await clients.add_client(person, form.body(ClientAsked), form.key, given, workflows)).id

    return await _added(request, person, CLIENT, form, adding)


@router.post(
    "/techniciens",
    summary="Add a technician, from the page",
    dependencies=[recorded(Act.TECHNICIAN_ENROLLED)],
)
async def add_technician(request: Request, person: AnyBackOffice, given: Given, form: SentForm) -> Response:
    """Their skills are set on the page that this leads to."""

    async def adding() -> str:
        return (await technicians.add_technician(person, form.body(TechnicianAsked), form.key, given)).id

    return await _added(request, person, TECHNICIAN, form, adding)


@router.post(
    "/equipe", summary="Add a colleague, from the page", dependencies=[recorded(Act.COLLEAGUE_ADDED)]
)
async def add_colleague(request: Request, person: AnyBackOffice, given: Given, form: SentForm) -> Response:
    async def adding() -> str:
        return (await colleagues.add_colleague(person, form.body(ColleagueAsked), form.key, given)).id

    return await _added(request, person, COLLEAGUE, form, adding)


async def _added(
    request: Request, person: KnownPerson, kind: Kind, form: Sent, adding: Callable[[], Awaitable[str]]
) -> Response:
    """`adding` answers the id of who was added, to whose page this leads."""
    made: list[str] = []

    async def act() -> None:
        made.append(await adding())

    trouble = await tried(act)
    if trouble is not None:
        return _page(request, person, kind, form.again(trouble))
    return done(path_of(made[0]), f"nouveau-{kind.word}")


def _page(request: Request, person: KnownPerson, kind: Kind, form: Filled) -> HTMLResponse:
    return desk_page(
        request,
        person,
        "desk/back_office/people_new.html.j2",
        PEOPLE,
        form=form,
        kinds=KINDS,
        kind=kind,
    )
