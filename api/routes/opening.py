"""Asking for help: a held slot, or none ("as soon as possible"), and a description become a ticket."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.accepted_texts import IN_FORCE
from api.auth import ClientOrBackOffice, actor
from api.codes import ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.documentation import THROUGH_TEMPORAL, problems
from api.erasures import refuse_if_leaving
from api.errors import Problem
from api.express_request_text import express_request, needs_express_request
from api.formats import AttachmentIds, Body, Id, Instant, LongText, Minutes, Phone, SkillCode
from api.idempotency import IdempotencyKey, asking, update_id_of
from api.on_behalf import client_meant
from api.recording import Declared, recorded
from api.shapes.tickets import TicketView
from api.slot_search import length_of
from api.ticket_reading import read_ticket
from db.models.tickets import SubmissionKind
from db.reads.admissions import has_accepted
from db.reads.cards import saved_card
from db.reads.people import KnownPerson
from db.reads.skills import required_level
from db.reads.tariffs import tariff_in_force
from db.reads.tickets import status_of
from db.stores import attachments, holds, submissions
from db.stores.admissions import accept_texts
from db.stores.requests import Asking, attach, remember, reserve_number
from domain.accesses import Reading
from domain.admissions import AcceptedText
from domain.errors import Refusal, Refused
from domain.messages import Actor, TicketRequest
from domain.slots import earliest_start
from domain.tickets import Role, Status

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

# A ticket that no worker could book yet must find its slot when the client tries again.
HOLD_WHILE_OPENING = timedelta(minutes=10)
# The row may be ahead of its workflow, which refuses every act until it knows of the booking: a worker that
# dies right after the commit leaves it unaware for seconds. Only the workflow can say that it is open.
BEING_OPENED = {None, Status.SCHEDULED, Status.TO_ASSIGN}


class TicketAsked(Body):
    """With `hold_id`, `ceiling_minutes` is the longest the client accepts to pay for: the whole slot, if not
    given. Without, the first time at which somebody is free is taken, not before `not_before` if that is
    given: then `skill` is needed, and `minutes` is the longest.

    `express_request` is the client's own, as the text in force has it; needed when the service would begin
    within 14 days. `client_id` is for the back office only, which asks without a hold. So is `accepts_terms`:
    the client was told of the terms and the privacy notice in force on the phone, and agrees."""

    hold_id: Id | None = None
    skill: SkillCode | None = None
    minutes: Minutes | None = None
    not_before: Instant | None = None
    description: LongText
    phone: Phone
    ceiling_minutes: Minutes | None = None
    attachments: AttachmentIds = Field(default_factory=list)
    express_request: bool = False
    client_id: Id | None = None
    accepts_terms: bool = False

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "hold_id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20",
                    "description": "Plus de Wi-Fi dans la chambre depuis le changement de box.",
                    "phone": "06 12 34 56 78",
                    "ceiling_minutes": 60,
                    "express_request": True,
                    "attachments": ["019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b40"],
                },
                {
                    "skill": "internet",
                    "minutes": 60,
                    "description": "Plus de Wi-Fi dans la chambre depuis le changement de box.",
                    "phone": "06 12 34 56 78",
                    "express_request": True,
                },
            ]
        }
    )


@router.post(
    "",
    status_code=201,
    summary="Ask for help",
    responses=problems(
        *THROUGH_TEMPORAL,
        Refusal.ACCOUNT_LEAVING,
        Refusal.CARD_MISSING,
        Refusal.HOLD_EXPIRED,
        Refusal.NO_TARIFF,
        Refusal.UNKNOWN_SKILL,
        Refusal.SLOT_NOT_OFFERED,
        Refusal.INVALID_PHONE,
        Refusal.INVALID_DURATION,
        ApiCode.EXPRESS_REQUEST_MISSING,
        ApiCode.TERMS_NOT_ACCEPTED,
        ApiCode.UNKNOWN_CLIENT,
        Refusal.ATTACHMENT_UNKNOWN,
    ),
)
async def open_ticket(
    shown: Annotated[Declared, recorded(Reading.TICKET)],
    person: ClientOrBackOffice,
    body: TicketAsked,
    key: IdempotencyKey,
    given: Given,
    workflows: GivenWorkflows,
    response: Response,
) -> TicketView:
    """Turns the held slot into an appointment, or finds the first time at which somebody is free. A card must
    be saved; it is charged only after the session. The client must have accepted the terms in force.

    Answered once the technician is booked, or the ticket waits for one. Sent again under the same key, it
    finds the same ticket."""
    _check_fields(person, body)
    asked = asking(person, key, "ticket", body)
    async with given.sessions.begin() as session:
        client_id = await client_meant(session, person, body.client_id)
        who = actor(person, client_id if person.id != client_id else None)
        number, request = await _reserve(session, given, asked, body, who, client_id)
    shown.subject = number
    if request is not None:
        await workflows.open_ticket(request, who, update_id_of(asked))
    response.headers["Location"] = f"/v1/tickets/{number}"
    return await read_ticket(given, person, number)


async def _reserve(
    session: AsyncSession, given: Dependencies, asked: Asking, body: TicketAsked, who: Actor, client_id: str
) -> tuple[str, TicketRequest | None]:
    """The ticket's number, and what its workflow is to be started with; None when the ticket is there
    already. Raises `Refused`, and then remembers nothing."""
    now = given.clock()
    known = await remember(session, asked)
    if known.is_new:
        number, submission_id = await _first_time(session, given, asked, body, client_id)
    elif known.ticket is None or known.submission_id is None:
        raise AssertionError("a ticket's key was recorded without its ticket")
    elif await status_of(session, known.ticket) not in BEING_OPENED:
        return known.ticket, None
    else:
        number, submission_id = known.ticket, known.submission_id
        if body.hold_id is not None:
            await holds.keep_for_retry(session, body.hold_id, client_id, now + HOLD_WHILE_OPENING)
    # Rebuilt from what was kept the first time: the hold itself may be gone by now, and the time is later.
    kept = await submissions.body_of(session, submission_id)
    # Its workflow could not book without: it would fail, and the ticket would seem closed.
    await tariff_in_force(session, now, kept["skill"])
    return number, TicketRequest(
        number=number,
        client_id=client_id,
        skill=kept["skill"],
        hold_id=kept.get("hold_id"),
        start=datetime.fromisoformat(kept["start"]),
        end=datetime.fromisoformat(kept["end"]),
        ceiling_minutes=int(kept["ceiling_minutes"]),
        submission_id=submission_id,
        deadlines=given.deadlines,
        hours=given.hours,
        slot_rules=given.slot_rules,
        session_log=given.session_log,
        opened_by=who if who.on_behalf_of else None,
    )


async def _first_time(
    session: AsyncSession, given: Dependencies, asked: Asking, body: TicketAsked, client_id: str
) -> tuple[str, str]:
    await refuse_if_leaving(session, client_id)
    if body.accepts_terms:
        await accept_texts(session, client_id, IN_FORCE, given.clock(), asked.actor_id)
    if not await has_accepted(session, client_id, AcceptedText.TERMS, IN_FORCE[AcceptedText.TERMS]):
        raise Problem(ApiCode.TERMS_NOT_ACCEPTED)
    if await saved_card(session, client_id) is None:
        raise Refused(Refusal.CARD_MISSING)
    wanted = await _held(session, given, body, client_id) or await _soonest(session, given, body)
    if needs_express_request(wanted.start, given.clock()) and not body.express_request:
        raise Problem(ApiCode.EXPRESS_REQUEST_MISSING)
    number = await reserve_number(session)
    submission_id = await submissions.keep(
        session,
        asked.actor_id,
        SubmissionKind.REQUEST,
        description=body.description,
        phone=body.phone,
        skill=wanted.skill,
        **({"hold_id": body.hold_id} if body.hold_id else {}),
        start=wanted.start.isoformat(),
        end=wanted.end.isoformat(),
        ceiling_minutes=str(wanted.ceiling_minutes),
        **express_request(said=body.express_request),
    )
    await attachments.bind(session, asked.actor_id, body.attachments, submission_id, given.clock())
    await attach(session, asked, submission_id=submission_id, ticket=number)
    return number, submission_id


@dataclass(frozen=True)
class Wanted:
    skill: str
    start: datetime
    end: datetime
    ceiling_minutes: int


async def _held(
    session: AsyncSession, given: Dependencies, body: TicketAsked, client_id: str
) -> Wanted | None:
    """The held slot, kept for the ticket from now on; None when none is named."""
    if body.hold_id is None:
        return None
    now = given.clock()
    held = await holds.take_for_ticket(session, body.hold_id, client_id, now, now + HOLD_WHILE_OPENING)
    if held is None or held.during.lower is None or held.during.upper is None:
        raise Refused(Refusal.HOLD_EXPIRED)
    start, end = held.during.lower, held.during.upper
    held_minutes = (end - start) // given.deadlines.minute
    ceiling = body.ceiling_minutes or held_minutes
    if ceiling > held_minutes:
        raise RequestValidationError([{"type": "ceiling_over_hold", "loc": ("body", "ceiling_minutes")}])
    return Wanted(held.skill, start, end, ceiling)


async def _soonest(session: AsyncSession, given: Dependencies, body: TicketAsked) -> Wanted:
    """As soon as possible: from the first time on that could be offered."""
    if body.skill is None or body.minutes is None:
        raise AssertionError("a request without a hold was let through without what it needs")
    if await required_level(session, body.skill) is None:
        raise Refused(Refusal.UNKNOWN_SKILL)
    now = given.clock()
    start = earliest_start(given.slot_rules, body.not_before or now, now)
    if start >= now + given.slot_rules.horizon:
        raise Refused(Refusal.SLOT_NOT_OFFERED)
    return Wanted(body.skill, start, start + length_of(given, body.minutes), body.minutes)


def _check_fields(person: KnownPerson, body: TicketAsked) -> None:
    """What goes with a hold, and what without. A hold is the client's own: the back office has none."""
    without_hold = ("skill", "minutes", "not_before")
    if body.hold_id is not None:
        wrong = dict.fromkeys(
            (name for name in without_hold if getattr(body, name) is not None), "not_together"
        )
        if person.role is not Role.CLIENT:
            wrong["hold_id"] = "not_together"
    else:
        wrong = dict.fromkeys(
            (name for name in ("skill", "minutes") if getattr(body, name) is None), "missing"
        )
        if body.ceiling_minutes is not None:
            wrong["ceiling_minutes"] = "not_together"
    if body.accepts_terms and person.role is Role.CLIENT:
        wrong["accepts_terms"] = "not_together"
    if wrong:
        raise RequestValidationError([{"type": kind, "loc": ("body", name)} for name, kind in wrong.items()])
