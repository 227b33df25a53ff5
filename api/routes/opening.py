"""Asking for help: a held slot and a description become a ticket."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth import AnyClient, actor
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.documentation import THROUGH_TEMPORAL, problems
from api.formats import AttachmentIds, Body, Id, LongText, Minutes, Phone
from api.idempotency import IdempotencyKey, asking, update_id_of
from api.shapes.tickets import TicketView
from api.ticket_reading import read_ticket
from db.models.tickets import SubmissionKind
from db.reads.cards import saved_card
from db.reads.tariffs import tariff_in_force
from db.reads.tickets import status_of
from db.stores import attachments, holds, submissions
from db.stores.requests import Asking, attach, remember, reserve_number
from domain.errors import Refusal, Refused
from domain.messages import TicketRequest
from domain.tickets import Status

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])

# A ticket that no worker could book yet must find its slot when the client tries again.
HOLD_WHILE_OPENING = timedelta(minutes=10)
# The row may be ahead of its workflow, which refuses every act until it knows of the booking: a worker that
# dies right after the commit leaves it unaware for seconds. Only the workflow can say that it is open.
BEING_OPENED = {None, Status.SCHEDULED, Status.TO_ASSIGN}


class TicketAsked(Body):
    """`ceiling_minutes` is the longest the client accepts to pay for: the whole slot, if not given."""

    hold_id: Id
    description: LongText
    phone: Phone
    ceiling_minutes: Minutes | None = None
    attachments: AttachmentIds = Field(default_factory=list)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "hold_id": "019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b20",
                    "description": "Plus de Wi-Fi dans la chambre depuis le changement de box.",
                    "phone": "06 12 34 56 78",
                    "ceiling_minutes": 60,
                    "attachments": ["019abf4e-6f2c-7cc1-a0a4-0e8f0c8d3b40"],
                }
            ]
        }
    )


@router.post(
    "",
    status_code=201,
    summary="Ask for help",
    responses=problems(
        *THROUGH_TEMPORAL,
        Refusal.CARD_MISSING,
        Refusal.HOLD_EXPIRED,
        Refusal.NO_TARIFF,
        Refusal.INVALID_PHONE,
        Refusal.INVALID_DURATION,
        Refusal.ATTACHMENT_UNKNOWN,
    ),
)
async def open_ticket(
    person: AnyClient,
    body: TicketAsked,
    key: IdempotencyKey,
    given: Given,
    workflows: GivenWorkflows,
    response: Response,
) -> TicketView:
    """Turns the held slot into an appointment. A card must be saved; it is charged only after the session.

    Answered once the technician is booked. Sent again under the same key, it finds the same ticket."""
    asked = asking(person, key, "ticket", body)
    async with given.sessions.begin() as session:
        number, request = await _reserve(session, given, asked, body)
    if request is not None:
        await workflows.open_ticket(request, actor(person), update_id_of(asked))
    response.headers["Location"] = f"/v1/tickets/{number}"
    return await read_ticket(given, person, number)


async def _reserve(
    session: AsyncSession, given: Dependencies, asked: Asking, body: TicketAsked
) -> tuple[str, TicketRequest | None]:
    """The ticket's number, and what its workflow is to be started with; None when the ticket is there
    already. Raises `Refused`, and then remembers nothing."""
    now = given.clock()
    # Its workflow could not book without: it would fail, and the ticket would seem closed.
    await tariff_in_force(session, now)
    known = await remember(session, asked)
    until = now + HOLD_WHILE_OPENING
    if known.is_new:
        number, submission_id = await _first_time(session, given, asked, body, now, until)
    elif known.ticket is None or known.submission_id is None:
        raise AssertionError("a ticket's key was recorded without its ticket")
    elif await status_of(session, known.ticket) not in BEING_OPENED:
        return known.ticket, None
    else:
        number, submission_id = known.ticket, known.submission_id
        await holds.keep_for_retry(session, body.hold_id, asked.actor_id, until)
    # Rebuilt from what was kept the first time: the hold itself may be gone by now.
    kept = await submissions.body_of(session, submission_id)
    return number, TicketRequest(
        number=number,
        client_id=asked.actor_id,
        skill=kept["skill"],
        hold_id=kept["hold_id"],
        start=datetime.fromisoformat(kept["start"]),
        end=datetime.fromisoformat(kept["end"]),
        ceiling_minutes=int(kept["ceiling_minutes"]),
        submission_id=submission_id,
        deadlines=given.deadlines,
        hours=given.hours,
    )


async def _first_time(
    session: AsyncSession,
    given: Dependencies,
    asked: Asking,
    body: TicketAsked,
    now: datetime,
    until: datetime,
) -> tuple[str, str]:
    if await saved_card(session, asked.actor_id) is None:
        raise Refused(Refusal.CARD_MISSING)
    held = await holds.take_for_ticket(session, body.hold_id, asked.actor_id, now, until)
    if held is None or held.during.lower is None or held.during.upper is None:
        raise Refused(Refusal.HOLD_EXPIRED)
    start, end = held.during.lower, held.during.upper
    held_minutes = (end - start) // given.deadlines.minute
    ceiling = body.ceiling_minutes or held_minutes
    if ceiling > held_minutes:
        raise RequestValidationError([{"type": "ceiling_over_hold", "loc": ("body", "ceiling_minutes")}])
    number = await reserve_number(session)
    submission_id = await submissions.keep(
        session,
        asked.actor_id,
        SubmissionKind.REQUEST,
        description=body.description,
        phone=body.phone,
        skill=held.skill,
        hold_id=held.id,
        start=start.isoformat(),
        end=end.isoformat(),
        ceiling_minutes=str(ceiling),
    )
    await attachments.bind(session, asked.actor_id, body.attachments, submission_id, now)
    await attach(session, asked, submission_id=submission_id, ticket=number)
    return number, submission_id
