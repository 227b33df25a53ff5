"""Appointments as calendar files: a technician's agenda to subscribe to, and a single appointment."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.auth import AnyTechnician, ClientOrTechnician
from api.calendar_files import MEDIA_TYPE, calendar_file
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, Responses, problems
from api.errors import Problem
from api.ticket_reading import NumberInPath, seen_ticket
from db.reads.journal import last_acts
from db.reads.tickets import appointments_of
from domain.tickets import Status

router = APIRouter(prefix="/v1", tags=["calendars"])

FILE: Responses = {
    200: {"description": "A calendar file.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}
# Of what is over, so that a late change still reaches calendars.
PAST = timedelta(days=7)


@router.get(
    "/me/agenda.ics",
    summary="My appointments, as a calendar file",
    response_class=Response,
    responses=problems(*SIGNED_IN, ApiCode.INVALID_INPUT) | FILE,
)
async def read_agenda(
    person: AnyTechnician, given: Given, days: Annotated[int, Query(ge=1, le=90)] = 30
) -> Response:
    """Those of the last week and of the days to come. One that was cancelled says so; one that another
    technician has now is gone."""
    now = given.clock()
    async with given.sessions() as session:
        rows = await appointments_of(session, person, now - PAST, now + timedelta(days=days))
        changed = await last_acts(session, [row.ticket.number for row in rows])
    return Response(calendar_file(rows, changed, person, given.public_url), media_type=MEDIA_TYPE)


@router.get(
    "/tickets/{number}/appointment.ics",
    summary="An appointment, as a calendar file",
    response_class=Response,
    responses=problems(*SIGNED_IN, ApiCode.TICKET_NOT_FOUND, ApiCode.APPOINTMENT_NOT_FOUND) | FILE,
)
async def read_appointment(person: ClientOrTechnician, number: NumberInPath, given: Given) -> Response:
    """Moved, it keeps its id and has a higher sequence; cancelled, it says so."""
    async with given.sessions() as session:
        row = await seen_ticket(session, number, person)
        changed = await last_acts(session, [row.ticket.number])
    if row.ticket.flexible or row.ticket.status is Status.REQUESTED:
        raise Problem(ApiCode.APPOINTMENT_NOT_FOUND)
    file = calendar_file([row], changed, person, given.public_url)
    return Response(file, media_type=MEDIA_TYPE)
