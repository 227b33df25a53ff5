"""The back office's queue: the tickets that somebody must look at."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import ConfigDict

from api import french
from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.dependencies import Dependencies, Given
from api.documentation import SIGNED_IN, problems
from api.pagination import Cursor, Limit, cursor_of, place_of
from api.recording import recorded
from api.shapes.common import Labelled, Moment, Shape
from api.shapes.tickets import SUMMARY_EXAMPLE, TicketSummary
from api.visibility import summary
from db.reads.queue import QueueRow, waiting_tickets
from domain.accesses import Reading
from domain.waiting import look_by, urgency

router = APIRouter(prefix="/v1", tags=["back office"])


class Waiting(Shape):
    """`since` is when it began to wait, `look_by` until when somebody should have looked at it;
    `taken_over_by` is who has a suspended one in hand."""

    ticket: TicketSummary
    reason: Labelled
    since: Moment
    look_by: Moment
    urgency: Labelled
    taken_over_by: str | None


class Queue(Shape):
    """`next` is the cursor of the page after; null on the last one."""

    waiting: list[Waiting]
    next: str | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "waiting": [
                        {
                            "ticket": SUMMARY_EXAMPLE,
                            "reason": {"code": "no_call", "label": "client non appelé"},
                            "since": "2026-11-25T09:10:00+01:00",
                            "look_by": "2026-11-25T09:10:00+01:00",
                            "urgency": {"code": "late", "label": "en retard"},
                            "taken_over_by": None,
                        }
                    ],
                    "next": None,
                }
            ]
        }
    )


@router.get(
    "/queue",
    summary="What waits for us",
    dependencies=[recorded(Reading.QUEUE)],
    responses=problems(*SIGNED_IN, ApiCode.INVALID_INPUT),
)
async def read_queue(_: AnyBackOffice, given: Given, cursor: Cursor = None, limit: Limit = 50) -> Queue:
    """Oldest appointment first, each ticket with its gravest reason."""
    now = given.clock()
    async with given.sessions() as session:
        rows = await waiting_tickets(session, now, given.deadlines, after=place_of(cursor), limit=limit + 1)
    page, more = rows[:limit], len(rows) > limit
    last = page[-1].row.ticket if page else None
    return Queue(
        waiting=[_shown(one, given, now) for one in page],
        next=cursor_of(last.appointment_start, last.number) if more and last else None,
    )


def _shown(one: QueueRow, given: Dependencies, now: datetime) -> Waiting:
    by = look_by(
        one.waiting,
        one.since,
        given.deadlines,
        given.hours,
        taken_over_at=one.row.ticket.taken_over_at,
        answer_by=one.answer_by,
    )
    pressing = urgency(by, now)
    return Waiting(
        ticket=summary(one.row),
        reason=Labelled(code=one.waiting, label=french.WAITING[one.waiting]),
        since=one.since,
        look_by=by,
        urgency=Labelled(code=pressing, label=french.URGENCIES[pressing]),
        taken_over_by=one.taken_over_by,
    )
