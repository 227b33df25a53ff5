"""Finding a person or a ticket again, by what somebody on the telephone says."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api import french
from api.auth import AnyBackOffice
from api.dependencies import Given
from api.desks.sections import SEARCH
from api.desks.showing import desk_page
from api.recording import recorded
from api.visibility import summary
from db.reads.search import people_called, tickets_about
from domain.accesses import Reading
from domain.errors import Refused
from domain.ids import parse_ticket_number

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)

# Whoever finds more says more.
MOST_PEOPLE, MOST_TICKETS = 20, 30
# A letter of a name finds half of everybody.
SHORTEST = 2
NUMBER_SIGN = re.compile(r"^n\s*[°º]\s*", re.IGNORECASE)
Words = Annotated[str | None, Query(max_length=200)]


@router.get("/recherche", summary="Search", dependencies=[recorded(Reading.SEARCH)])
async def show(request: Request, person: AnyBackOffice, given: Given, q: Words = None) -> HTMLResponse:
    """What is looked for is not entered in the journal of accesses: it is somebody's name."""
    words = " ".join((q or "").replace("\0", "").split())
    people, tickets = [], []
    if len(words) >= SHORTEST:
        async with given.sessions() as session:
            number = _ticket_number(words)
            # A number names a ticket: whose address begins so is not meant.
            people = [] if number else list(await people_called(session, words, MOST_PEOPLE))
            rows = await tickets_about(
                session, number, _document(words), [one.id for one in people], MOST_TICKETS
            )
            tickets = [summary(row) for row in rows]
    return desk_page(
        request,
        person,
        "desk/back_office/search.html.j2",
        SEARCH,
        q=words,
        people=people,
        tickets=tickets,
        roles=french.ROLES,
        too_short=0 < len(words) < SHORTEST,
        many=len(people) == MOST_PEOPLE or len(tickets) == MOST_TICKETS,
        now=given.clock(),
    )


def _ticket_number(words: str) -> str | None:
    try:
        return parse_ticket_number(NUMBER_SIGN.sub("", words))
    except Refused:
        return None


def _document(words: str) -> str:
    """As it is printed, whatever spaces it was read out with."""
    return re.sub(r"\s", "", words).upper()
