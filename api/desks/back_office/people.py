"""The people: clients, technicians, the team, and the applications that wait."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api import french
from api.auth import AnyBackOffice
from api.dependencies import Given
from api.desks.back_office.people_words import DONE, KINDS, standing_of
from api.desks.sections import PEOPLE
from api.desks.showing import desk_page
from api.formats import Id
from api.recording import recorded
from db.reads.admissions import applications
from db.reads.people_lists import how_many, people_of
from domain.accesses import Reading
from domain.opening_hours import PARIS

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)

ON_A_PAGE = 40
# The oldest; the page of all of them has the others.
MOST_APPLICATIONS = 5


@router.get("/personnes", summary="The people", dependencies=[recorded(Reading.PEOPLE)])
async def show(
    request: Request,
    person: AnyBackOffice,
    given: Given,
    sorte: Annotated[str, Query(max_length=20)] = KINDS[0].word,
    q: Annotated[str, Query(max_length=200)] = "",
    apres: Annotated[Id | None, Query()] = None,
) -> HTMLResponse:
    """What is looked for is not entered in the journal of accesses: it is somebody's name."""
    kind = next((one for one in KINDS if one.word == sorte), KINDS[0])
    words = " ".join(q.replace("\0", "").split())
    async with given.sessions() as session:
        waiting = await applications(session, open_only=True, after=None, limit=MOST_APPLICATIONS + 1)
        counts = await how_many(session)
        found = await people_of(session, kind.roles, words, after=apres, limit=ON_A_PAGE + 1)
    rows, now = found[:ON_A_PAGE], given.clock()
    today = now.astimezone(PARIS).date()
    return desk_page(
        request,
        person,
        "desk/back_office/people.html.j2",
        PEOPLE,
        said=DONE,
        kinds=[(one, sum(counts.get(role, 0) for role in one.roles)) for one in KINDS],
        kind=kind,
        q=words,
        people=[(row.person, standing_of(row, today)) for row in rows],
        next=rows[-1].person.id if len(found) > ON_A_PAGE else None,
        is_first=apres is None,
        applications=waiting[:MOST_APPLICATIONS],
        more_applications=len(waiting) > MOST_APPLICATIONS,
        roles=french.ROLES,
        is_team=kind is KINDS[-1],
        now=now,
    )
