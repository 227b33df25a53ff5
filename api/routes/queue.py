"""The back office's queue: the tickets that somebody must look at."""

from fastapi import APIRouter
from pydantic import ConfigDict

from api import french
from api.auth import AnyBackOffice
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, problems
from api.pagination import Cursor, Limit, cursor_of, place_of
from api.recording import recorded
from api.shapes.common import Labelled, Shape
from api.shapes.tickets import SUMMARY_EXAMPLE, TicketSummary
from api.visibility import summary
from db.reads.queue import waiting_tickets
from domain.accesses import Reading

router = APIRouter(prefix="/v1", tags=["back office"])


class Waiting(Shape):
    ticket: TicketSummary
    reason: Labelled


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
    async with given.sessions() as session:
        rows = await waiting_tickets(
            session, given.clock(), given.deadlines, after=place_of(cursor), limit=limit + 1
        )
    page, more = rows[:limit], len(rows) > limit
    last = page[-1].row.ticket if page else None
    return Queue(
        waiting=[
            Waiting(
                ticket=summary(one.row),
                reason=Labelled(code=one.waiting, label=french.WAITING[one.waiting]),
            )
            for one in page
        ],
        next=cursor_of(last.appointment_start, last.number) if more and last else None,
    )
