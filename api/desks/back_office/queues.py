"""What waits for the back office, by queue, the most pressing first."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response, StreamingResponse

from api.auth import AnyBackOffice, CurrentSignIn
from api.dependencies import Dependencies, Given
from api.desks.back_office.queue_words import DONE, QUEUES, TONES, QueueWords
from api.desks.forms import Filled, SentForm, settled
from api.desks.live import follow
from api.desks.sections import QUEUE
from api.desks.showing import desk_page, done
from api.recording import recorded
from api.routes import queue, refused_mails
from api.routes.technicians import InPath
from db.reads.people import KnownPerson
from db.reads.watching import version_of_queue
from domain.accesses import Act, Reading
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
    return await _page(request, person, given)


@router.post(
    "/files/courriels/{person}",
    summary="Note that somebody was not reached by mail, from the page",
    dependencies=[recorded(Act.REFUSED_MAIL_NOTED, "person")],
)
async def note_mails(
    request: Request, member: AnyBackOffice, person: InPath, given: Given, form: SentForm
) -> Response:
    async def noting() -> None:
        await refused_mails.note_refused_mails(
            member, person, form.body(refused_mails.MailsNoted), form.key, given
        )

    return await settled(
        form, noting, done(QUEUE.path, "note"), lambda again: _page(request, member, given, again)
    )


async def _page(
    request: Request, person: KnownPerson, given: Dependencies, form: Filled | None = None
) -> HTMLResponse:
    found = await queue.read_queue(person, given, None, MOST)
    untold = (await refused_mails.read_refused_mails(person, given)).people
    pressing = sorted(found.waiting, key=lambda one: (one.look_by, one.ticket.number))
    return desk_page(
        request,
        person,
        "desk/back_office/queues.html.j2",
        QUEUE,
        form=form,
        said=DONE,
        live=True,
        queues=[
            ShownQueue(words, [one for one in pressing if one.reason.code in words.reasons])
            for words in QUEUES
        ],
        untold=untold,
        untold_late=sum(one.urgency.code == Urgency.LATE for one in untold),
        more=found.next is not None,
        tones=TONES,
        now=given.clock(),
    )


@router.get("/files/suivi", summary="What changes in the queues")
async def watch(
    request: Request, person: AnyBackOffice, found: CurrentSignIn, given: Given
) -> StreamingResponse:
    return await follow(request, given, found, version_of_queue)
