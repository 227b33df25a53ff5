"""When a technician works: the hours of each week, leave, and the address of their calendar."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from pydantic import Field
from starlette.responses import Response

from api.auth import AnyTechnician
from api.dependencies import Dependencies, Given
from api.desks.forms import BLANK, Filled, Sent, SentForm, Trouble, settled, tried
from api.desks.sections import AVAILABILITY
from api.desks.showing import desk_page, done
from api.desks.technician.words import TIME_DONE
from api.formats import Body, Id
from api.routes import my_time
from api.shapes.technicians import LeaveAsked, LeaveView, WallTime, WorkingHoursAsked
from db.reads.people import KnownPerson
from db.stores.calendar_feeds import feed_opened_at
from domain.calendar_feeds import feed_url
from domain.french import DAYS
from domain.opening_hours import PARIS

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix=AVAILABILITY.path, tags=["pages"], include_in_schema=False)

# A day has room for a morning and an afternoon, and for all that is set already.
FEWEST = 2
BOUNDS = ("opens", "closes")
FIELD = re.compile(r"(?:opens|closes)-([0-6])-([0-9]{1,2})", re.ASCII)
# Others cannot be meant, and break the arithmetic of calendars.
Day = Annotated[date, Field(gt=date(2000, 1, 1), lt=date(2099, 12, 31))]


class LeaveDays(Body):
    """As people say it. Without a last day it is the first one."""

    from_day: Day
    from_hour: WallTime | None = None
    to_day: Day | None = None
    to_hour: WallTime | None = None


@router.get("", summary="When I work")
async def show(request: Request, person: AnyTechnician, given: Given) -> HTMLResponse:
    return await availability_page(request, person, given)


@router.post("/horaires", summary="Set my weekly hours, from the page")
async def set_hours(request: Request, person: AnyTechnician, given: Given, form: SentForm) -> Response:
    stretches, names = _stretches(form)

    async def setting() -> None:
        body = WorkingHoursAsked.model_validate({"working_hours": stretches}, strict=False)
        await my_time.set_my_hours(person, body, form.key, given)

    trouble = await tried(setting)
    if trouble is not None:
        wrong = _renamed(trouble, names)
        return await availability_page(request, person, given, hours=form.again(wrong))
    return done(AVAILABILITY.path, "horaires")


@router.post("/conges", summary="Take leave, from the page")
async def take_leave(request: Request, person: AnyTechnician, given: Given, form: SentForm) -> Response:
    async def taking() -> None:
        await my_time.take_my_leave(person, leave_of(form.body(LeaveDays)), form.key, given)

    return await settled(
        form,
        taking,
        done(AVAILABILITY.path, "conges"),
        lambda again: availability_page(request, person, given, leave=again),
    )


@router.post("/conges/{leave}", summary="Give up leave, from the page")
async def give_up_leave(
    request: Request, person: AnyTechnician, leave: Annotated[Id, Path()], given: Given, form: SentForm
) -> Response:
    return await settled(
        form,
        lambda: my_time.give_up_my_leave(person, leave, form.key, given),
        done(AVAILABILITY.path, "annules"),
        lambda again: availability_page(request, person, given, leave=again),
    )


async def availability_page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    *,
    hours: Filled | None = None,
    leave: Filled | None = None,
) -> HTMLResponse:
    """With the form that was refused, what was wrong."""
    async with given.sessions() as session:
        opened_at = await feed_opened_at(session, person.id)
    leaves = (await my_time.read_my_leaves(person, given)).leaves
    known = (await my_time.read_my_hours(person, given)).working_hours
    week: dict[str, str] = {}
    for day in range(len(DAYS)):
        of_day = [one for one in known if one.weekday == day]
        for place, one in enumerate(of_day):
            week |= {_name(day, place, "opens"): one.opens, _name(day, place, "closes"): one.closes}
    return desk_page(
        request,
        person,
        "desk/technician/availability.html.j2",
        AVAILABILITY,
        form=hours or leave,
        said=TIME_DONE,
        hours=hours or BLANK.anew(**week),
        leave=leave or BLANK.anew(),
        days=DAYS,
        name=_name,
        places=_places(week if hours is None else hours.values),
        works_always=not known,
        leaves=[(one, *shown_days(one)) for one in leaves],
        feed=feed_url(given.public_url, given.token_key, person.id, opened_at) if opened_at else None,
        now=given.clock(),
    )


def _name(day: int, place: int, bound: str) -> str:
    return f"{bound}-{day}-{place}"


def _places(values: Mapping[str, str]) -> list[int]:
    """How many stretches each day shows: two, or as many as there are."""
    shown = [FEWEST] * len(DAYS)
    for day, place in _said(values):
        shown[day] = max(shown[day], place + 1)
    return shown


def _said(values: Mapping[str, str]) -> list[tuple[int, int]]:
    """The day and the place of each stretch of which anything is said, in order."""
    named = (FIELD.fullmatch(name) for name, value in values.items() if value.strip())
    return sorted({(int(found[1]), int(found[2])) for found in named if found})


def _stretches(form: Sent) -> tuple[list[dict[str, object]], dict[str, str]]:
    """Those of which anything is said, and where on the form the fields of each are."""
    found: list[dict[str, object]] = []
    names: dict[str, str] = {}
    for day, place in _said(form.values):
        fields = {bound: _name(day, place, bound) for bound in BOUNDS}
        names |= {f"working_hours.{len(found)}.{bound}": name for bound, name in fields.items()}
        said = {bound: form.value(name).strip() for bound, name in fields.items()}
        found.append({"weekday": day, **said})
    return found, names


def leave_of(days: LeaveDays) -> LeaveAsked:
    """From the first day to the last one, both off; or from an hour, to an hour."""
    last = days.to_day or days.from_day
    start = datetime.combine(days.from_day, days.from_hour or time(), PARIS)
    if days.to_hour is None:
        end = datetime.combine(last + timedelta(days=1), time(), PARIS)
    else:
        end = datetime.combine(last, days.to_hour, PARIS)
    return LeaveAsked(start=start, end=end)


def _renamed(trouble: Trouble, names: dict[str, str]) -> Trouble:
    messages = {names.get(name, name): wrong for name, wrong in trouble.fields.items()}
    return replace(trouble, fields=messages)


def shown_days(leave: LeaveView) -> tuple[datetime, bool]:
    """The last instant of leave, and whether it is whole days."""
    first, last = leave.start.astimezone(PARIS), leave.end.astimezone(PARIS)
    return leave.end - timedelta(minutes=1), first.time() == last.time() == time()
