"""What the technician does to a ticket. Each act answers the ticket as it is once the act is committed; one
that is somebody else's, or no longer theirs, is not found."""

from fastapi import APIRouter
from pydantic import ConfigDict

from api.acting import GivenActs, Written
from api.auth import AnyTechnician
from api.codes import ApiCode
from api.documentation import ACT, problems
from api.errors import Problem
from api.shapes.acts import Incident, Report, Start, WithReason
from api.shapes.common import Shape
from api.shapes.tickets import TicketView
from api.ticket_reading import NumberInPath, number_in_path
from db.models.tickets import SubmissionKind
from domain.errors import Refusal, Refused
from domain.ids import format_ticket_number, parse_ticket_number
from domain.messages import AskBecause, ReportFiled, StartAsked
from domain.tickets import Command

router = APIRouter(prefix="/v1/tickets", tags=["technician's acts"])


class Declined(Shape):
    """All that is left to see of the ticket: it is somebody else's from now on."""

    number: str
    spoken_number: str

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"number": "00000420", "spoken_number": "0000 0420"}]}
    )


@router.post("/{number}/acknowledge", summary="Confirm an appointment", responses=problems(*ACT))
async def acknowledge(person: AnyTechnician, number: NumberInPath, acts: GivenActs) -> TicketView:
    """The technician has seen the appointment and will be there."""
    return await acts.perform(person, number, Command.ACKNOWLEDGE)


@router.post("/{number}/decline", summary="Decline an appointment", responses=problems(*ACT))
async def decline(
    person: AnyTechnician, number: NumberInPath, acts: GivenActs, body: WithReason | None = None
) -> Declined:
    """The next technician who can takes it; with none, the ticket waits for one."""
    said = body or WithReason()
    declined = await acts.ask(
        person,
        number,
        Command.DECLINE,
        AskBecause,
        said,
        Written(SubmissionKind.DECLINE, {"reason": said.reason}) if said.reason is not None else None,
    )
    return Declined(number=declined.number, spoken_number=format_ticket_number(declined.number))


@router.post("/{number}/call", summary="Record a call", responses=problems(*ACT, Refusal.TOO_EARLY))
async def call(person: AnyTechnician, number: NumberInPath, acts: GivenActs) -> TicketView:
    """The technician is calling the client, from shortly before the appointment on."""
    return await acts.perform(person, number, Command.CALL)


@router.post(
    "/{number}/start",
    summary="Start the session",
    responses=problems(
        *ACT,
        Refusal.TOO_EARLY,
        Refusal.CONSENT_MISSING,
        Refusal.WRONG_CODE,
        ApiCode.TICKET_NUMBER_MISMATCH,
    ),
)
async def start(person: AnyTechnician, number: NumberInPath, body: Start, acts: GivenActs) -> TicketView:
    """With the number and the code that the client says on the phone. A wrong code is counted; three alert
    the back office."""
    if _spoken(body.ticket_number) != number_in_path(number):
        raise Problem(ApiCode.TICKET_NUMBER_MISMATCH)
    return await acts.perform(person, number, Command.START, lambda who, _: StartAsked(who, body.code), body)


@router.post("/{number}/end", summary="End the session", responses=problems(*ACT))
async def end(person: AnyTechnician, number: NumberInPath, acts: GivenActs) -> TicketView:
    """The session's length is measured up to here."""
    return await acts.perform(person, number, Command.END)


@router.post(
    "/{number}/absent", summary="Report the client absent", responses=problems(*ACT, Refusal.CALLS_MISSING)
)
async def absent(person: AnyTechnician, number: NumberInPath, acts: GivenActs) -> TicketView:
    """After three calls over a quarter of an hour, none before the hour of the appointment. Nothing is
    billed."""
    return await acts.perform(person, number, Command.ABSENT)


@router.post(
    "/{number}/report",
    summary="File the report",
    responses=problems(*ACT, Refusal.ATTACHMENT_UNKNOWN),
)
async def report(person: AnyTechnician, number: NumberInPath, body: Report, acts: GivenActs) -> TicketView:
    """What was done, and for how long. A duration far over the measured one suspends the ticket."""
    return await acts.perform(
        person,
        number,
        Command.REPORT,
        lambda who, written: ReportFiled(who, body.declared_minutes, str(written)),
        body,
        Written(SubmissionKind.REPORT, {"text": body.text}, body.attachments),
    )


@router.post("/{number}/incident", summary="Report an incident", responses=problems(*ACT))
async def incident(
    person: AnyTechnician, number: NumberInPath, body: Incident, acts: GivenActs
) -> TicketView:
    """The back office is told; the ticket does not change."""
    return await acts.perform(
        person,
        number,
        Command.INCIDENT,
        AskBecause,
        body,
        Written(SubmissionKind.INCIDENT, {"text": body.text}),
    )


def _spoken(number: str) -> str | None:
    try:
        return parse_ticket_number(number)
    except Refused:
        return None
