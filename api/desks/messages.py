"""What one is told, and by what; what of it one does without."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.auth import AnyPerson, ClientOrTechnician
from api.dependencies import Dependencies, Given
from api.desks.account_words import DONE
from api.desks.forms import BLANK, Filled, SentForm, settled
from api.desks.sections import ACCOUNT
from api.desks.showing import desk_page, done
from api.routes import my_messages
from api.shapes.messages import MessagesAsked
from db.reads.people import KnownPerson
from domain.tickets import Role

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/compte/messages", tags=["pages"], include_in_schema=False)

PATH = "/compte/messages"
SWITCHES = ("sms", "reminders")


@router.get("", summary="What I am told, as a page")
async def show(request: Request, person: AnyPerson, given: Given) -> HTMLResponse:
    return await _page(request, person, given)


@router.post("", summary="Choose what I am told, from the page")
async def choose(request: Request, person: ClientOrTechnician, given: Given, form: SentForm) -> Response:
    def asked() -> MessagesAsked:
        # A box that is not ticked is not sent at all.
        return form.body(MessagesAsked, **{name: form.value(name) == "true" for name in SWITCHES})

    return await settled(
        form,
        lambda: my_messages.choose_messages(person, asked(), form.key, given),
        done(PATH, "messages"),
        lambda again: _page(request, person, given, again),
    )


async def _page(
    request: Request, person: KnownPerson, given: Dependencies, form: Filled | None = None
) -> HTMLResponse:
    messages = await my_messages.read_messages(person, given)
    now = {name: "true" for name in SWITCHES if getattr(messages, name)}
    return desk_page(
        request,
        person,
        "desk/messages.html.j2",
        ACCOUNT,
        form=form or BLANK.anew(**now, phone=messages.phone),
        said=DONE,
        messages=messages,
        may_choose=person.role in {Role.CLIENT, Role.TECHNICIAN},
        is_technician=person.role is Role.TECHNICIAN,
    )
