"""The client's requests, newest first."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import StreamingResponse

from api.auth import AnyClient, CurrentSignIn
from api.dependencies import Given
from api.desks.client import words
from api.desks.live import follow
from api.desks.sections import REQUESTS
from api.desks.showing import desk_page
from api.pagination import Cursor
from api.routes import tickets
from db.reads.watching import version_of_tickets

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)

ON_A_PAGE = 20


@router.get("/demandes", summary="My requests")
async def show(request: Request, person: AnyClient, given: Given, suite: Cursor = None) -> HTMLResponse:
    found = await tickets.read_tickets(person, given, suite, ON_A_PAGE)
    return desk_page(
        request,
        person,
        "desk/client/requests.html.j2",
        REQUESTS,
        live=True,
        requests=found.tickets,
        next=found.next,
        is_first=suite is None,
        state=words.state,
        now=given.clock(),
    )


@router.get("/demandes/suivi", summary="What changes among my requests")
async def watch(request: Request, person: AnyClient, found: CurrentSignIn, given: Given) -> StreamingResponse:
    return await follow(request, given, found, lambda session: version_of_tickets(session, person))
