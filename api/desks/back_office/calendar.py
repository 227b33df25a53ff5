"""The day across technicians: who works, what is booked, who is away."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.auth import AnyBackOffice
from api.dependencies import Given
from api.desks.back_office.day_table import day_table
from api.desks.sections import CALENDAR
from api.desks.showing import desk_page
from api.formats import FIRST_YEAR, LAST_YEAR
from api.recording import recorded
from db.reads.day import day_of_technicians
from domain.accesses import Reading
from domain.opening_hours import PARIS

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)

ONE = timedelta(days=1)
Day = Annotated[date | None, Query(ge=date(FIRST_YEAR, 1, 1), le=date(LAST_YEAR, 12, 30))]


@router.get("/calendrier", summary="The day across technicians", dependencies=[recorded(Reading.DAY, "jour")])
async def show(request: Request, person: AnyBackOffice, given: Given, jour: Day = None) -> HTMLResponse:
    now = given.clock()
    today = now.astimezone(PARIS).date()
    day = jour or today
    start, end = (datetime.combine(one, time(), PARIS) for one in (day, day + ONE))
    async with given.sessions() as session:
        people = await day_of_technicians(session, start, end, now)
    return desk_page(
        request,
        person,
        "desk/back_office/calendar.html.j2",
        CALENDAR,
        table=day_table(day, people, given.hours),
        day=day,
        noon=datetime.combine(day, time(12), PARIS),
        before=day - ONE,
        after=day + ONE,
        is_today=day == today,
        is_open=any(given.hours.intervals(start, end)),
    )
