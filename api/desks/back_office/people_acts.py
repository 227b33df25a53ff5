"""One act on a person, by a form of their page: done, the page says so; refused, it says why."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from api.auth import AnyBackOffice
from api.dependencies import Dependencies, Given
from api.desks.back_office.people_file import path_of, person_page
from api.desks.forms import Sent, SentForm, Trouble, tried
from api.desks.showing import done
from api.routes.technicians import InPath
from db.reads.people import KnownPerson


@dataclass(frozen=True)
class Acting:
    """`whom` is the id of the person of the page, `person` who acts."""

    request: Request
    person: KnownPerson
    whom: str
    given: Dependencies
    form: Sent

    async def __call__(
        self,
        act: Callable[[], Awaitable[object]],
        word: str,
        again: Callable[[Trouble], Trouble] = lambda trouble: trouble,
    ) -> Response:
        """`word` says what was done (see `people_words.DONE`); `again` names the fields that were wrong as
        they are on the page."""
        trouble = await tried(act)
        if trouble is None:
            return done(path_of(self.whom), word)
        form = self.form.again(again(trouble))
        return await person_page(self.request, self.person, self.given, self.whom, form)


# Each by the name that the path has for them, which the journal of accesses enters too.
async def on_technician(
    request: Request, person: AnyBackOffice, technician: InPath, given: Given, form: SentForm
) -> Acting:
    return Acting(request, person, technician, given, form)


async def on_colleague(
    request: Request, person: AnyBackOffice, colleague: InPath, given: Given, form: SentForm
) -> Acting:
    return Acting(request, person, colleague, given, form)


async def on_person(
    request: Request, member: AnyBackOffice, person: InPath, given: Given, form: SentForm
) -> Acting:
    return Acting(request, member, person, given, form)
