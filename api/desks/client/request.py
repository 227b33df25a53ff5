"""One request: where it stands, and everything that is about it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import StreamingResponse

from api.auth import AnyClient, CurrentSignIn
from api.dependencies import Dependencies, Given
from api.desks.client import words
from api.desks.client.reading import read_request
from api.desks.client.standing import standing
from api.desks.forms import Filled
from api.desks.live import follow
from api.desks.sections import REQUESTS
from api.desks.showing import desk_page
from api.ticket_reading import NumberInPath, number_in_path
from db.reads.people import KnownPerson
from db.reads.watching import version_of_ticket
from domain.tickets import Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/demandes", tags=["pages"], include_in_schema=False)

ANYDESK = "https://anydesk.com/fr/downloads"


def path_of(number: str) -> str:
    return f"/demandes/{number}"


@router.get("/{number}", summary="One of my requests")
async def show(request: Request, person: AnyClient, number: NumberInPath, given: Given) -> HTMLResponse:
    return await request_page(request, person, given, number)


@router.get("/{number}/suivi", summary="What changes in one of my requests")
async def watch(
    request: Request, person: AnyClient, found: CurrentSignIn, number: NumberInPath, given: Given
) -> StreamingResponse:
    plain = number_in_path(number)
    return await follow(request, given, found, lambda session: version_of_ticket(session, plain, person))


async def request_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    """With the form of a button that was refused, what was wrong."""
    seen, now = await read_request(given, person, number), given.clock()
    view = seen.view
    return desk_page(
        request,
        person,
        "desk/client/request.html.j2",
        REQUESTS,
        form=form,
        # Somebody who looks again at the same address is told how it ended, not what was to come.
        said=words.DONE if view.outcome is None else words.DONE_AFTERWARDS,
        live=True,
        view=view,
        seen=seen,
        standing=standing(view, now),
        own=path_of(view.number),
        can={command.value: command.value in view.actions for command in Command},
        anydesk=ANYDESK,
        now=now,
    )
