"""The pages on which a client acts on a request: each asks one thing, and leads back to the request."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.dependencies import Dependencies
from api.desks.client.reading import Seen, check_possible, read_request
from api.desks.client.request import path_of, request_page
from api.desks.forms import BLANK, Filled, Sent, settled
from api.desks.sections import REQUESTS
from api.desks.showing import desk_page, done
from api.ticket_reading import number_in_path
from db.reads.people import KnownPerson
from domain.tickets import Command


async def act_page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    number: str,
    command: Command,
    template: str,
    *,
    form: Filled | None = None,
    **words: Any,
) -> HTMLResponse:
    """The form, unless it could only be refused. Raises `Refused` then, and `Problem(TICKET_NOT_FOUND)`."""
    seen = await read_request(given, person, number)
    if form is None:
        check_possible(seen, command)
    return shown_act(request, person, given, seen, template, form or BLANK.anew(), **words)


def shown_act(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    seen: Seen,
    template: str,
    form: Filled,
    **words: Any,
) -> HTMLResponse:
    return desk_page(
        request,
        person,
        f"desk/client/{template}.html.j2",
        REQUESTS,
        form=form,
        view=seen.view,
        seen=seen,
        own=path_of(seen.view.number),
        now=given.clock(),
        **words,
    )


async def pressed(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    number: str,
    form: Sent,
    what: str,
    act: Callable[[], Awaitable[object]],
) -> Response:
    """A button of the request's own page: refused, that page says why."""
    return await settled(
        form, act, back(number, what), lambda again: request_page(request, person, given, number, again)
    )


def back(number: str, what: str) -> Response:
    """To the request, which says that it is done."""
    return done(path_of(number_in_path(number)), what)
