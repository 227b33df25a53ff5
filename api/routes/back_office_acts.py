"""What the back office does to a ticket of its own accord; what it does for a client on the phone is in
`client_acts`. Each act answers the ticket as it is once the act is committed."""

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from api.acting import Check, GivenActs, Written
from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.documentation import ACT, problems
from api.errors import Problem
from api.recording import recorded
from api.shapes.acts import Reassign, Ruling
from api.shapes.tickets import TicketView
from api.ticket_reading import NumberInPath
from db.models.tickets import SubmissionKind, Ticket
from db.reads.people import is_technician
from domain.accesses import Reading
from domain.errors import Refusal
from domain.messages import ReassignAsked, RulingGiven
from domain.rulings import GainRuling, RulingKind
from domain.tickets import Command

router = APIRouter(prefix="/v1/tickets", tags=["back office"])


@router.post(
    "/{number}/reassign",
    summary="Give the ticket to another technician",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(
        *ACT, ApiCode.UNKNOWN_TECHNICIAN, Refusal.TECHNICIAN_NOT_FREE, Refusal.APPOINTMENT_PASSED
    ),
)
async def reassign(
    person: AnyBackOffice, number: NumberInPath, body: Reassign, acts: GivenActs
) -> TicketView:
    """At the same hour, to the one named or to the fairest other; refused when they are not free."""
    return await acts.perform(
        person,
        number,
        Command.REASSIGN,
        lambda who, reason: ReassignAsked(who, str(reason), body.technician_id),
        body,
        Written(SubmissionKind.REASSIGN, {"reason": body.reason}),
        _exists(body.technician_id),
    )


@router.post(
    "/{number}/take-over",
    summary="Take a suspended ticket over",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(*ACT),
)
async def take_over(person: AnyBackOffice, number: NumberInPath, acts: GivenActs) -> TicketView:
    """Whoever asks sees to it from now on; another may follow."""
    return await acts.perform(person, number, Command.TAKE_OVER)


@router.post(
    "/{number}/ruling",
    summary="End a suspension",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(
        *ACT,
        ApiCode.UNKNOWN_TECHNICIAN,
        Refusal.NOTHING_BILLABLE,
        Refusal.REWORKS_EXHAUSTED,
        Refusal.APPOINTMENT_PASSED,
        Refusal.TECHNICIAN_NOT_FREE,
        Refusal.RULING_MINUTES,
        Refusal.GAIN_RULINGS,
        Refusal.REPORT_MISSING,
    ),
)
async def ruling(person: AnyBackOffice, number: NumberInPath, body: Ruling, acts: GivenActs) -> TicketView:
    """What the client owes (`bill` as reported, `reduce` to some minutes, `waive`, or a free second session:
    `rework`), and apart from that what each session earns its technician."""
    _check_fields(body)
    gains = tuple(GainRuling(one.session, one.kind, one.minutes) for one in body.gains)
    return await acts.perform(
        person,
        number,
        Command.RULING,
        lambda who, reason: RulingGiven(
            who, body.kind, str(reason), gains, body.minutes, body.start, body.technician_id
        ),
        body,
        Written(SubmissionKind.RULING, {"reason": body.reason}),
        _exists(body.technician_id),
    )


def _check_fields(body: Ruling) -> None:
    """A free session needs its hour, and nothing else has one."""
    if body.kind is RulingKind.REWORK:
        wrong = {"start": "missing"} if body.start is None else {}
    else:
        said = {"start": body.start, "technician_id": body.technician_id}
        wrong = {field: "not_together" for field, value in said.items() if value is not None}
    if wrong:
        raise RequestValidationError(
            [{"type": kind, "loc": ("body", field)} for field, kind in wrong.items()]
        )


def _exists(technician_id: str | None) -> Check:
    async def check(session: AsyncSession, _: Ticket) -> None:
        if technician_id is not None and not await is_technician(session, technician_id):
            raise Problem(ApiCode.UNKNOWN_TECHNICIAN)

    return check
