"""One intervention: where it stands, and everything that its technician needs for it."""

from datetime import datetime
from math import ceil
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import StreamingResponse

from api.auth import AnyTechnician, CurrentSignIn
from api.dependencies import Dependencies, Given
from api.desks.forms import BLANK, Filled
from api.desks.live import follow
from api.desks.sections import AGENDA
from api.desks.showing import desk_page
from api.desks.technician.reading import Seen, check_possible, read_intervention
from api.desks.technician.standing import standing
from api.desks.technician.words import DONE
from api.ticket_reading import NumberInPath, number_in_path
from db.reads.people import KnownPerson
from db.reads.watching import version_of_ticket
from domain.tickets import Command, Outcome, Status

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/interventions", tags=["pages"], include_in_schema=False)


def path_of(number: str) -> str:
    return f"/interventions/{number}"


@router.get("/{number}", summary="One of my interventions")
async def show(request: Request, person: AnyTechnician, number: NumberInPath, given: Given) -> HTMLResponse:
    return await intervention_page(request, person, given, number)


@router.get("/{number}/suivi", summary="What changes in one of my interventions")
async def watch(
    request: Request, person: AnyTechnician, found: CurrentSignIn, number: NumberInPath, given: Given
) -> StreamingResponse:
    plain = number_in_path(number)
    return await follow(request, given, found, lambda session: version_of_ticket(session, plain, person))


async def intervention_page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None = None
) -> HTMLResponse:
    """With the form of a button that was refused, what was wrong."""
    seen, now = await read_intervention(given, person, number, shows_contact=True), given.clock()
    view = seen.view
    stands = standing(
        Status(view.status.code),
        Outcome(view.outcome.code) if view.outcome else None,
        view.next,
        view.start,
        now,
        reachable_at=seen.reachable_at,
        confirmed=view.acknowledged_at is not None or view.called_at is not None,
    )
    return desk_page(
        request,
        person,
        "desk/technician/intervention.html.j2",
        AGENDA,
        form=form,
        said=DONE,
        live=True,
        view=view,
        seen=seen,
        standing=stands,
        own=path_of(view.number),
        can={command.value: command.value in view.actions for command in Command},
        window=given.deadlines.contact_window,
        seconds_to_contact=_seconds_to(seen.reachable_at, now),
        has_begun=now >= view.start,
        now=now,
    )


def _seconds_to(instant: datetime, now: datetime) -> int:
    """After which our script looks at the page again, where nothing else would tell it; 0 once it is there.
    No browser waits for weeks: every hour is often enough."""
    return min(max(0, ceil((instant - now).total_seconds())), 3600)


async def act_page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    number: str,
    command: Command,
    template: str,
    *,
    form: Filled | None = None,
    **words: Any,
) -> HTMLResponse:
    """A page on which one thing is asked, unless it could only be refused. Raises `Refused` then, and
    `Problem(TICKET_NOT_FOUND)`."""
    seen = await read_intervention(given, person, number)
    if form is None:
        check_possible(seen, command)
    return shown_act(request, person, given, seen, template, form or BLANK.anew(), **words)


def shown_act(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    seen: Seen,
    template: str,
    form: Filled,
    **words: Any,
) -> HTMLResponse:
    return desk_page(
        request,
        person,
        f"desk/technician/{template}.html.j2",
        AGENDA,
        form=form,
        said=DONE,
        view=seen.view,
        seen=seen,
        own=path_of(seen.view.number),
        now=given.clock(),
        **words,
    )
