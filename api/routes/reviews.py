"""The review of one ticket by the signed link of a mail, without signing in."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from api.acting import GivenActs, Written
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import ACT, problems
from api.linked import linked_ticket
from api.shapes.acts import Review
from api.shapes.common import Labelled, Moment, Shape
from api.shapes.tickets import ReviewGiven
from db.models.tickets import SubmissionKind
from db.reads.ticket_file import ticket_file
from db.reads.tickets import TicketRow
from domain import messages
from domain.ids import format_ticket_number
from domain.signed_links import Purpose
from domain.tickets import LEGAL, Command

router = APIRouter(prefix="/v1/reviews", tags=["client's acts"])

# None of a person who signs in: nobody does.
SIGN_IN = {
    ApiCode.NOT_SIGNED_IN,
    ApiCode.SIGN_IN_INVALID,
    ApiCode.SIGN_IN_EXPIRED,
    ApiCode.ROLE_NOT_ALLOWED,
    ApiCode.TICKET_NOT_FOUND,
}
BY_LINK = (*(code for code in ACT if code not in SIGN_IN), ApiCode.REVIEW_LINK_INVALID)

Token = Annotated[str, Path(max_length=1000, description="As the mail's link has it.")]


class ReviewByLink(Shape):
    """What the holder of the link may know. `open` tells whether the review may still be given or changed."""

    spoken_number: str
    skill: Labelled
    start: Moment
    technician: str | None
    open: bool
    review: ReviewGiven | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "spoken_number": "0000 0420",
                    "skill": {"code": "internet", "label": "Internet et Wi-Fi"},
                    "start": "2026-11-24T10:00:00+01:00",
                    "technician": "Thomas Leroy",
                    "open": True,
                    "review": None,
                }
            ]
        }
    )


@router.get(
    "/{token}",
    summary="Read a review by its link",
    responses=problems(ApiCode.REVIEW_LINK_INVALID, ApiCode.INVALID_INPUT, ApiCode.DATABASE_UNAVAILABLE),
)
async def read_review(token: Token, given: Given) -> ReviewByLink:
    """The ticket to review, and what was said of it so far."""
    async with given.sessions() as session:
        _, row = await linked_ticket(session, given, token, Purpose.REVIEW)
        return await _seen(session, row)


@router.post("/{token}", summary="Give a review by its link", responses=problems(*BY_LINK))
async def give_review(token: Token, body: Review, acts: GivenActs) -> ReviewByLink:
    """As the client of exactly that ticket, and nothing else; see the review of a ticket."""
    given = acts.given
    async with given.sessions() as session:
        client, row = await linked_ticket(session, given, token, Purpose.REVIEW)
    comment = body.comment
    await acts.ask(
        client,
        row.ticket.number,
        Command.REVIEW,
        lambda who, written: messages.ReviewGiven(who, body.stars, written, body.satisfied),
        body,
        Written(SubmissionKind.REVIEW, {"comment": comment}) if comment is not None else None,
    )
    async with given.sessions() as session:
        _, row = await linked_ticket(session, given, token, Purpose.REVIEW)
        return await _seen(session, row)


async def _seen(session: AsyncSession, row: TicketRow) -> ReviewByLink:
    ticket = row.ticket
    file = await ticket_file(session, ticket)
    review = file.review
    return ReviewByLink(
        spoken_number=format_ticket_number(ticket.number),
        skill=Labelled(code=ticket.skill, label=row.skill_label),
        start=ticket.appointment_start,
        technician=row.technician_name,
        open=ticket.status in LEGAL[Command.REVIEW],
        review=ReviewGiven(
            stars=review.stars,
            comment=file.text(review.submission_id, "comment"),
            given_at=review.given_at,
        )
        if review
        else None,
    )
