"""Refunds of what was paid: asked by the client once the ticket has closed, ruled by the back office."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.auth import AnyBackOffice, BackOfficeOrFinance, ClientOrBackOffice, ClientOrTeam
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, THROUGH_TEMPORAL, problems
from api.recording import recorded
from api.refund_cases import GivenRefunds
from api.seen_refunds import seen_case
from api.shapes.acts import RefundAsked, RefundRuling, RefundSettled
from api.shapes.refunds import RefundCases, RefundView
from api.ticket_reading import NumberInPath, seen_ticket
from db.models.tickets import SubmissionKind
from db.reads.refunds import cases_of_ticket
from domain.accesses import Act, Reading
from domain.errors import Refusal
from domain.messages import Ask, AskBecause
from domain.refunds import RefundRuled
from domain.rulings import GainRuling

router = APIRouter(prefix="/v1/tickets", tags=["refunds"])

CaseInPath = Annotated[int, Path(ge=1, le=1000, description="The claim's number on its ticket.")]
ON_A_CASE = (
    *THROUGH_TEMPORAL,
    ApiCode.TICKET_NOT_FOUND,
    ApiCode.REFUND_NOT_FOUND,
    Refusal.REFUND_CLOSED,
)


@router.get(
    "/{number}/refunds",
    summary="Read a ticket's refunds",
    dependencies=[recorded(Reading.REFUNDS, "number")],
    responses=problems(*SIGNED_IN, ApiCode.TICKET_NOT_FOUND),
)
async def read_refunds(person: ClientOrTeam, number: NumberInPath, given: Given) -> RefundCases:
    """Each claim, oldest first: what was asked, how it was ruled, and what became of the money."""
    async with given.sessions() as session:
        row = await seen_ticket(session, number, person)
        cases = await cases_of_ticket(session, row.ticket.number)
    return RefundCases(refunds=[seen_case(one, person.role) for one in cases])


@router.post(
    "/{number}/refunds",
    status_code=201,
    summary="Ask for a refund",
    dependencies=[recorded(Act.REFUND_ASKED, "number")],
    responses=problems(
        *THROUGH_TEMPORAL,
        ApiCode.TICKET_NOT_FOUND,
        Refusal.NOTHING_TO_REFUND,
        Refusal.REFUND_OPEN,
        Refusal.CHARGED_BACK,
        Refusal.ATTACHMENT_UNKNOWN,
    ),
)
async def ask_refund(
    person: ClientOrBackOffice, number: NumberInPath, body: RefundAsked, refunds: GivenRefunds
) -> RefundView:
    """Once a ticket has closed; before that, being dissatisfied suspends it. The technician's gain is held
    until the back office has ruled."""
    return await refunds.ask(person, number, body, body.reason, body.attachments)


@router.post(
    "/{number}/refunds/{case}/ruling",
    summary="Rule on a refund",
    dependencies=[recorded(Act.REFUND_RULED, "number", "case")],
    responses=problems(*ON_A_CASE, Refusal.CHARGED_BACK, Refusal.REFUND_MINUTES, Refusal.GAIN_RULINGS),
)
async def rule_refund(
    person: AnyBackOffice, number: NumberInPath, case: CaseInPath, body: RefundRuling, refunds: GivenRefunds
) -> RefundView:
    """All that is left of the invoice, a part of it, or nothing; apart from that, what each session earns
    its technician. A credit note is issued and the money goes back to the card."""
    gains = tuple(GainRuling(one.session, one.kind, one.minutes) for one in body.gains)
    return await refunds.act(
        person,
        number,
        case,
        "ruling",
        lambda who, reason: RefundRuled(who, body.kind, str(reason), gains, body.minutes),
        body,
        (SubmissionKind.REFUND_RULING, body.reason),
    )


@router.post(
    "/{number}/refunds/{case}/retry",
    summary="Send a refund again",
    dependencies=[recorded(Act.REFUND_RETRIED, "number", "case")],
    responses=problems(*ON_A_CASE),
)
async def retry_refund(
    person: BackOfficeOrFinance, number: NumberInPath, case: CaseInPath, refunds: GivenRefunds
) -> RefundView:
    """Of money that the provider could not send, or that the client's bank gave back."""
    return await refunds.act(person, number, case, "retry", lambda who, _: Ask(who))


@router.post(
    "/{number}/refunds/{case}/settlement",
    summary="Record a refund made by bank transfer",
    dependencies=[recorded(Act.REFUND_SETTLED, "number", "case")],
    responses=problems(*ON_A_CASE, Refusal.CHARGED_BACK),
)
async def settle_refund(
    person: BackOfficeOrFinance,
    number: NumberInPath,
    case: CaseInPath,
    body: RefundSettled,
    refunds: GivenRefunds,
) -> RefundView:
    """Where the card cannot be reached any more. The reason says which transfer it was."""
    return await refunds.act(
        person,
        number,
        case,
        "settle",
        AskBecause,
        body,
        (SubmissionKind.REFUND_RULING, body.reason),
    )
