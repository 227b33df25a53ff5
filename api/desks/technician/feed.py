"""The private address of a technician's agenda: opened and renewed on their page, read by calendar programs
without signing in. It shows what the calendar file of a technician shows, and nothing else."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.auth import AnyTechnician
from api.codes import ApiCode
from api.dependencies import Given
from api.desks.forms import SentForm
from api.desks.sections import AVAILABILITY
from api.desks.showing import done
from api.errors import Problem
from api.routes import calendars
from db.askers import Asker, known
from db.reads.people import active_person
from db.stores.calendar_feeds import close_feed, feed_opened_at, open_feed
from domain.calendar_feeds import InvalidFeed, mark_of, read_feed
from domain.tickets import Role

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)

# Of days ahead that calendars are given.
DAYS_AHEAD = 60


@router.post("/disponibilites/agenda", summary="Open or renew my calendar's address, from the page")
async def renew(person: AnyTechnician, given: Given, form: SentForm) -> Response:
    """The address of before is good for nothing from then on. Sent twice, it is renewed twice."""
    async with given.sessions.begin() as session:
        await open_feed(session, person.id, given.clock())
    return done(AVAILABILITY.path, "adresse")


@router.post("/disponibilites/agenda/fermer", summary="Close my calendar's address, from the page")
async def close(person: AnyTechnician, given: Given, form: SentForm) -> Response:
    async with given.sessions.begin() as session:
        await close_feed(session, person.id)
    return done(AVAILABILITY.path, "fermee")


@router.get("/agenda/flux/{token}", summary="A technician's agenda, by its private address")
async def read(token: Annotated[str, Path(max_length=1000)], given: Given) -> Response:
    """Raises `Problem(NOT_FOUND)` alike for a forged address, one that was renewed, and a closed account."""
    try:
        feed = read_feed(token, given.token_key, given.clock())
    except InvalidFeed:
        raise Problem(ApiCode.NOT_FOUND) from None
    known(Asker(feed.technician_id, Role.TECHNICIAN.value))
    async with given.sessions() as session:
        person = await active_person(session, feed.technician_id)
        opened_at = await feed_opened_at(session, feed.technician_id)
    if person is None or opened_at is None or mark_of(opened_at) != feed.opened_at:
        raise Problem(ApiCode.NOT_FOUND)
    return await calendars.read_agenda(person, given, DAYS_AHEAD)
