"""What a technician has to do today, then on the days that come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import StreamingResponse

from api.auth import AnyTechnician, CurrentSignIn
from api.dependencies import Dependencies, Given
from api.desks.live import follow
from api.desks.sections import AGENDA
from api.desks.showing import desk_page
from api.desks.technician import words
from api.desks.technician.standing import Standing, standing
from api.next_step import next_of
from api.shapes.tickets import TicketSummary
from api.visibility import summary
from db.reads.agenda import TO_DO, Work, work_of
from db.reads.watching import version_of_tickets
from domain.opening_hours import PARIS

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/agenda", tags=["pages"], include_in_schema=False)

# So far ahead the page looks, in days; nobody can book later.
LOOKS_AHEAD = timedelta(days=31)


@dataclass(frozen=True)
class Entry:
    view: TicketSummary
    standing: Standing


@dataclass(frozen=True)
class Day:
    """`day` is its noon."""

    day: datetime
    entries: list[Entry]


@router.get("", summary="My work")
async def show(request: Request, person: AnyTechnician, given: Given) -> HTMLResponse:
    now = given.clock()
    midnight = datetime.combine(now.astimezone(PARIS).date(), time(), PARIS)
    tomorrow = datetime.combine(midnight.date() + timedelta(days=1), time(), PARIS)
    async with given.sessions() as session:
        found = await work_of(session, person, midnight, midnight + LOOKS_AHEAD, now)
    late = [one for one in found if one.row.ticket.appointment_start < midnight]
    today = [one for one in found if midnight <= one.row.ticket.appointment_start < tomorrow]
    return desk_page(
        request,
        person,
        "desk/technician/agenda.html.j2",
        AGENDA,
        said=words.DONE,
        live=True,
        late=_entries(given, late, now),
        today=_entries(given, today, now),
        days=_by_day(given, (one for one in found if one.row.ticket.appointment_start >= tomorrow), now),
        now=now,
    )


@router.get("/suivi", summary="What changes in my work")
async def watch(
    request: Request, person: AnyTechnician, found: CurrentSignIn, given: Given
) -> StreamingResponse:
    return await follow(request, given, found, lambda session: version_of_tickets(session, person))


def _by_day(given: Dependencies, found: Iterable[Work], now: datetime) -> list[Day]:
    """What is off on a later day is not shown: nothing is to be done then."""
    open_ones = (one for one in found if one.row.ticket.status in TO_DO)
    return [
        Day(datetime.combine(day, time(12), PARIS), _entries(given, ones, now))
        for day, ones in groupby(
            open_ones, lambda one: one.row.ticket.appointment_start.astimezone(PARIS).date()
        )
    ]


def _entries(given: Dependencies, found: Iterable[Work], now: datetime) -> list[Entry]:
    return [_entry(given, one, now) for one in found]


def _entry(given: Dependencies, work: Work, now: datetime) -> Entry:
    ticket = work.row.ticket
    following = next_of(ticket.status, work.stamps, given.deadlines, given.hours)
    stands = standing(
        ticket.status,
        ticket.outcome,
        following,
        ticket.appointment_start,
        now,
        reachable_at=ticket.appointment_start - given.deadlines.contact_window,
        confirmed=work.stamps.acknowledged or work.stamps.called,
    )
    return Entry(summary(work.row), stands)
