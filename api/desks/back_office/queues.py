"""What waits for the back office, by queue, the most pressing first."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import StreamingResponse

from api.auth import AnyBackOffice, CurrentSignIn
from api.dependencies import Given
from api.desks.back_office.queue_words import QUEUES, TONES, QueueWords
from api.desks.live import follow
from api.desks.sections import QUEUE
from api.desks.showing import desk_page
from api.recording import recorded
from api.routes import queue
from db.reads.watching import version_of_tickets
from domain.accesses import Reading
from domain.waiting import Urgency

# For people, not for frontends: no part of the API's description.
router = APIRouter(tags=["pages"], include_in_schema=False)

# A day on which more wait than that is not one for a list; the page says that there are others.
MOST = 300


@dataclass(frozen=True)
class ShownQueue:
    words: QueueWords
    waiting: list[queue.Waiting]

    @property
    def late(self) -> int:
        return sum(one.urgency.code == Urgency.LATE for one in self.waiting)


@router.get("/files", summary="What waits for us", dependencies=[recorded(Reading.QUEUE)])
async def show(request: Request, person: AnyBackOffice, given: Given) -> HTMLResponse:
    found = await queue.read_queue(person, given, None, MOST)
    pressing = sorted(found.waiting, key=lambda one: (one.look_by, one.ticket.number))
    return desk_page(
        request,
        person,
        "desk/back_office/queues.html.j2",
        QUEUE,
        live=True,
        queues=[
            ShownQueue(words, [one for one in pressing if one.reason.code in words.reasons])
            for words in QUEUES
        ],
        more=found.next is not None,
        tones=TONES,
        now=given.clock(),
    )


@router.get("/files/suivi", summary="What changes in the queues")
async def watch(
    request: Request, person: AnyBackOffice, found: CurrentSignIn, given: Given
) -> StreamingResponse:
    return await follow(request, given, found, lambda session: version_of_tickets(session, person))
