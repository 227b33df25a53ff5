"""The case file of a ticket, and what is done to it by a single button."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response, StreamingResponse

from api import french
from api.auth import AnyBackOffice, CurrentSignIn
from api.dependencies import Dependencies, Given
from api.desks.back_office import case_words
from api.desks.back_office.case_reading import read_case
from api.desks.forms import Filled, FormActs, SentForm, settled
from api.desks.live import follow
from api.desks.sections import QUEUE
from api.desks.showing import desk_page, done
from api.recording import recorded
from api.routes import back_office_acts
from api.ticket_reading import NumberInPath, number_in_path
from db.reads.people import KnownPerson
from db.reads.watching import version_of_ticket
from domain.accesses import Reading
from domain.ids import ticket_workflow_id
from domain.tickets import Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/dossiers", tags=["pages"], include_in_schema=False)

READS = [recorded(Reading.TICKET, "number")]


def path_of(number: str) -> str:
    return f"/dossiers/{number}"


@router.get("/{number}", summary="A ticket's case file", dependencies=READS)
async def show(request: Request, person: AnyBackOffice, number: NumberInPath, given: Given) -> HTMLResponse:
    return await case_page(request, person, given, number)


@router.get("/{number}/suivi", summary="What changes in a case file")
async def watch(
    request: Request, person: AnyBackOffice, found: CurrentSignIn, number: NumberInPath, given: Given
) -> StreamingResponse:
    plain = number_in_path(number)
    return await follow(request, given, found, lambda session: version_of_ticket(session, plain, person))


@router.post("/{number}/reprise", summary="Take a suspended ticket over, from the page", dependencies=READS)
async def take_over(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    return await settled(
        form,
        lambda: back_office_acts.take_over(person, number, acts),
        done(path_of(number_in_path(number)), "reprise"),
        lambda again: case_page(request, person, given, number, again),
    )


async def case_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    """With the form of a button that was refused, what was wrong."""
    case = await read_case(given, person, number)
    return desk_page(
        request,
        person,
        "desk/back_office/case.html.j2",
        QUEUE,
        form=form,
        said=case_words.DONE,
        live=True,
        case=case,
        view=case.view,
        own=path_of(case.view.number),
        may={command.value: case.may(command) for command in Command},
        chargebacks=[(one, french.CHARGEBACKS[one.status]) for one in case.chargebacks],
        process=_process_page(given, case.view.number),
        now=given.clock(),
    )


def _process_page(given: Dependencies, number: str) -> str | None:
    """Of the ticket's workflow in the Temporal UI, if that has an address."""
    if given.temporal_ui is None:
        return None
    return f"{given.temporal_ui}/workflows/{quote(ticket_workflow_id(number), safe='')}"
