"""What clients do to their tickets, and the back office for a client on the phone. Each act answers the
ticket as it is once the act is committed."""

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from api.acting import Acts, GivenActs, Written
from api.alternatives import slot_taken
from api.auth import ClientOrBackOffice
from api.codes import ApiCode
from api.consent_text import CURRENT_VERSION
from api.documentation import ACT, problems
from api.errors import Problem
from api.express_request_text import express_request, needs_express_request
from api.recording import recorded
from api.refund_cases import GivenRefunds
from api.shapes.acts import Consent, Dispute, Extend, Reschedule, Review, WithReason
from api.shapes.tickets import TicketView
from api.slot_search import alternatives, length_of
from api.ticket_reading import NumberInPath, read_ticket, seen_ticket
from db.askers import Purpose, for_purpose
from db.models.tickets import SubmissionKind, Ticket
from db.reads.invoices import invoice_of_ticket
from db.reads.people import KnownPerson
from db.stores import submissions
from db.stores.requests import command_of
from domain.accesses import Reading
from domain.errors import Refusal, Refused
from domain.messages import (
    AskBecause,
    ConsentGiven,
    DisputeRaised,
    ExtendAsked,
    RescheduleAsked,
    ReviewGiven,
)
from domain.slots import is_offered
from domain.tickets import Command, Status

router = APIRouter(prefix="/v1/tickets", tags=["client's acts"])


@router.post(
    "/{number}/reschedule",
    summary="Move the appointment",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(
        *ACT,
        Refusal.SLOT_NOT_OFFERED,
        Refusal.SLOT_TAKEN,
        Refusal.TOO_LATE_TO_RESCHEDULE,
        Refusal.APPOINTMENT_PASSED,
        ApiCode.EXPRESS_REQUEST_MISSING,
    ),
)
async def reschedule(
    person: ClientOrBackOffice, number: NumberInPath, body: Reschedule, acts: GivenActs
) -> TicketView:
    """To one of the slots offered, for as long as the ceiling: with the same technician if they are free,
    else with another. Taken meanwhile, nothing changes, and the answer has the next free slots as
    `alternatives`."""
    given = acts.given

    async def is_a_slot(session: AsyncSession, ticket: Ticket) -> None:
        end = body.start + length_of(given, ticket.ceiling_minutes)
        if not is_offered(given.slot_rules, given.hours, given.clock(), body.start, end):
            raise Refused(Refusal.SLOT_NOT_OFFERED)
        if needs_express_request(body.start, ticket.opened_at) and not body.express_request:
            ordered = await submissions.body_of(session, ticket.request_id)
            if "express_request" not in ordered:
                raise Problem(ApiCode.EXPRESS_REQUEST_MISSING)

    try:
        return await acts.perform(
            person,
            number,
            Command.RESCHEDULE,
            lambda who, _: RescheduleAsked(who, body.start),
            body,
            Written(SubmissionKind.REQUEST, express_request(said=True)) if body.express_request else None,
            is_a_slot,
        )
    except Problem as problem:
        if problem.code is not Refusal.SLOT_TAKEN:
            raise
    async with given.sessions(info=for_purpose(Purpose.AGENDAS)) as session:
        ticket = (await seen_ticket(session, number, person)).ticket
        length = length_of(given, ticket.ceiling_minutes)
        others = await alternatives(session, given, ticket.client_id, ticket.skill, length, body.start)
    raise slot_taken(others)


@router.post(
    "/{number}/cancel",
    summary="Cancel the appointment",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(*ACT),
)
async def cancel(
    person: ClientOrBackOffice, number: NumberInPath, acts: GivenActs, body: WithReason | None = None
) -> TicketView:
    """Nothing is billed, and the technician's time is free at once."""
    said = body or WithReason()
    return await acts.perform(
        person,
        number,
        Command.CANCEL,
        AskBecause,
        said,
        Written(SubmissionKind.CANCEL, {"reason": said.reason}) if said.reason is not None else None,
    )


@router.post(
    "/{number}/consent",
    summary="Consent to remote control",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(*ACT, Refusal.INVALID_ANYDESK_ID, ApiCode.CONSENT_TEXT_OUTDATED),
)
async def consent(
    person: ClientOrBackOffice, number: NumberInPath, body: Consent, acts: GivenActs
) -> TicketView:
    """For the session to come only, at this hour and with this technician. Without it no session starts."""
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


@router.post(
    "/{number}/extend",
    summary="Accept a longer session",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(
        *ACT, Refusal.INVALID_DURATION, Refusal.CEILING_NOT_RAISED, Refusal.TECHNICIAN_BOOKED_NEXT
    ),
)
async def extend(
    person: ClientOrBackOffice, number: NumberInPath, body: Extend, acts: GivenActs
) -> TicketView:
    """A higher ceiling for what may be billed, and the technician's time until then."""

    async def is_higher(_: AsyncSession, ticket: Ticket) -> None:
        if body.ceiling_minutes <= ticket.ceiling_minutes:
            raise Refused(Refusal.CEILING_NOT_RAISED, ceiling_minutes=ticket.ceiling_minutes)

    return await acts.perform(
        person,
        number,
        Command.EXTEND,
        lambda who, _: ExtendAsked(who, body.ceiling_minutes),
        body,
        check=is_higher,
    )


@router.post(
    "/{number}/stop",
    summary="Stop the session",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(*ACT),
)
async def stop(person: ClientOrBackOffice, number: NumberInPath, acts: GivenActs) -> TicketView:
    """At any moment. The session's length is measured up to here."""
    return await acts.perform(person, number, Command.STOP)


@router.post(
    "/{number}/review",
    summary="Give an opinion",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(*ACT),
)
async def review(
    person: ClientOrBackOffice, number: NumberInPath, body: Review, acts: GivenActs
) -> TicketView:
    """A satisfied review accepts the intervention under review: the invoice is issued and the card charged.
    Any other is kept, and may be changed."""
    comment = body.comment
    return await acts.perform(
        person,
        number,
        Command.REVIEW,
        lambda who, written: ReviewGiven(who, body.stars, written, body.satisfied),
        body,
        Written(SubmissionKind.REVIEW, {"comment": comment}) if comment is not None else None,
    )


@router.post(
    "/{number}/dispute",
    summary="Be dissatisfied",
    dependencies=[recorded(Reading.TICKET, "number")],
    responses=problems(
        *ACT,
        Refusal.ATTACHMENT_UNKNOWN,
        Refusal.REFUND_OPEN,
        Refusal.NOTHING_TO_REFUND,
        Refusal.CHARGED_BACK,
    ),
)
async def dispute(
    person: ClientOrBackOffice, number: NumberInPath, body: Dispute, acts: GivenActs, refunds: GivenRefunds
) -> TicketView:
    """Suspends the ticket at once: nothing is billed until the team has ruled. Once it was paid and closed,
    this asks for a refund."""
    if await _asks_for_refund(acts, person, number):
        await refunds.ask(person, number, body, body.reason, body.attachments)
        return await read_ticket(acts.given, person, number)
    return await acts.perform(
        person,
        number,
        Command.DISPUTE,
        lambda who, written: DisputeRaised(who, str(written)),
        body,
        Written(SubmissionKind.DISPUTE, {"reason": body.reason}, body.attachments),
    )


async def _asks_for_refund(acts: Acts, person: KnownPerson, number: str) -> bool:
    """A retry is what it was the first time, even if the ticket has closed meanwhile."""
    async with acts.given.sessions() as session:
        ticket = (await seen_ticket(session, number, person)).ticket
        said = await command_of(session, person.id, acts.key.text)
        if said is not None:
            return said.startswith("refund ")
        if ticket.status is not Status.CLOSED:
            return False
        found = await invoice_of_ticket(session, ticket.number)
    return found is not None and found.payment is not None and found.payment.paid_at is not None
