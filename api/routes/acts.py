"""What people do to a ticket. Each act answers the ticket as it is once the act is committed."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from api.acting import GivenActs, Written
from api.auth import AnyClient, AnyPerson, AnyTechnician
from api.codes import ApiCode
from api.consent_text import CURRENT_VERSION, TEXTS
from api.documentation import SIGNED_IN, THROUGH_TEMPORAL, problems
from api.errors import Problem
from api.formats import (
    AnydeskId,
    AttachmentIds,
    Body,
    Comment,
    DeclaredMinutes,
    LongText,
    Reason,
    SaidCode,
    SpokenNumber,
    Stars,
)
from api.shapes.common import Shape
from api.shapes.tickets import TicketView
from api.ticket_reading import NumberInPath, number_in_path
from db.models.tickets import SubmissionKind
from domain.errors import Refusal, Refused
from domain.ids import parse_ticket_number
from domain.messages import Ask, ConsentGiven, DisputeRaised, ReportFiled, ReviewGiven, StartAsked
from domain.tickets import Command

router = APIRouter(prefix="/v1", tags=["acts"])

ACT = (
    *THROUGH_TEMPORAL,
    ApiCode.TICKET_NOT_FOUND,
    Refusal.NOT_ALLOWED_IN_STATUS,
    Refusal.TICKET_CLOSED,
)


class ConsentText(Shape):
    version: str
    text: str

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"version": CURRENT_VERSION, "text": TEXTS[CURRENT_VERSION]}]}
    )


class Consent(Body):
    anydesk_id: AnydeskId
    text_version: Annotated[str, Field(max_length=32)]

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"anydesk_id": "123 456 789", "text_version": CURRENT_VERSION}]}
    )


class Start(Body):
    """`ticket_number` as the client read it aloud, `code` as the client said it."""

    ticket_number: SpokenNumber
    code: SaidCode

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ticket_number": "0000 0420", "code": "2958"}]}
    )


class Report(Body):
    text: LongText
    declared_minutes: DeclaredMinutes
    attachments: AttachmentIds = Field(default_factory=list)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "Canal Wi-Fi changé, répéteur replacé dans le couloir.", "declared_minutes": 25}
            ]
        }
    )


class Review(Body):
    stars: Stars
    comment: Comment | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"stars": 5, "comment": "Très patient, tout remarche."}]}
    )


class Dispute(Body):
    reason: Reason
    attachments: AttachmentIds = Field(default_factory=list)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "L’imprimante ne marche toujours pas."}]}
    )


@router.get("/consent-text", summary="What a client consents to", responses=problems(*SIGNED_IN))
async def read_consent_text(_: AnyPerson) -> ConsentText:
    """The text in force, to show before asking for consent, and its version, to send with it."""
    return ConsentText(version=CURRENT_VERSION, text=TEXTS[CURRENT_VERSION])


@router.post("/tickets/{number}/acknowledge", summary="Confirm an appointment", responses=problems(*ACT))
async def acknowledge(person: AnyTechnician, number: NumberInPath, acts: GivenActs) -> TicketView:
    """The technician has seen the appointment and will be there."""
    return await acts.perform(person, number, Command.ACKNOWLEDGE, lambda who, _: Ask(who))


@router.post(
    "/tickets/{number}/consent",
    summary="Consent to remote control",
    responses=problems(*ACT, Refusal.INVALID_ANYDESK_ID, ApiCode.CONSENT_TEXT_OUTDATED),
)
async def consent(person: AnyClient, number: NumberInPath, body: Consent, acts: GivenActs) -> TicketView:
    """For the session to come only. Without it no session starts."""
    if body.text_version != CURRENT_VERSION:
        raise Problem(ApiCode.CONSENT_TEXT_OUTDATED, current=CURRENT_VERSION)
    return await acts.perform(
        person,
        number,
        Command.CONSENT,
        lambda who, given: ConsentGiven(who, body.text_version, str(given)),
        body,
        Written(SubmissionKind.ANYDESK_ID, {"anydesk_id": body.anydesk_id}),
    )


@router.post("/tickets/{number}/call", summary="Record a call", responses=problems(*ACT, Refusal.TOO_EARLY))
async def call(person: AnyTechnician, number: NumberInPath, acts: GivenActs) -> TicketView:
    """The technician is calling the client, from shortly before the appointment on."""
    return await acts.perform(person, number, Command.CALL, lambda who, _: Ask(who))


@router.post(
    "/tickets/{number}/start",
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


@router.post("/tickets/{number}/end", summary="End the session", responses=problems(*ACT))
async def end(person: AnyTechnician, number: NumberInPath, acts: GivenActs) -> TicketView:
    """The session's length is measured up to here."""
    return await acts.perform(person, number, Command.END, lambda who, _: Ask(who))


@router.post(
    "/tickets/{number}/report",
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


@router.post("/tickets/{number}/review", summary="Be satisfied", responses=problems(*ACT))
async def review(person: AnyClient, number: NumberInPath, body: Review, acts: GivenActs) -> TicketView:
    """Accepts the intervention: the invoice is issued and the card charged."""
    comment = body.comment
    return await acts.perform(
        person,
        number,
        Command.REVIEW,
        lambda who, written: ReviewGiven(who, body.stars, written),
        body,
        Written(SubmissionKind.REVIEW, {"comment": comment}) if comment is not None else None,
    )


@router.post(
    "/tickets/{number}/dispute",
    summary="Be dissatisfied",
    responses=problems(*ACT, Refusal.ATTACHMENT_UNKNOWN),
)
async def dispute(person: AnyClient, number: NumberInPath, body: Dispute, acts: GivenActs) -> TicketView:
    """Suspends the ticket at once: nothing is billed until the team has ruled."""
    return await acts.perform(
        person,
        number,
        Command.DISPUTE,
        lambda who, written: DisputeRaised(who, str(written)),
        body,
        Written(SubmissionKind.DISPUTE, {"reason": body.reason}, body.attachments),
    )


def _spoken(number: str) -> str | None:
    try:
        return parse_ticket_number(number)
    except Refused:
        return None
