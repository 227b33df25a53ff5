"""A free second session instead of an end to the suspension: its hour is one at which somebody is free."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api import french
from api.auth import AnyBackOffice
from api.dependencies import Dependencies, Given
from api.desks.back_office.case_acts import FromDay, back
from api.desks.back_office.case_file import READS, path_of
from api.desks.back_office.case_reading import REWORK
from api.desks.back_office.rulings import gains_of
from api.desks.forms import BLANK, Filled, FormActs, SentForm, settled
from api.desks.moving import free_hours
from api.desks.sections import QUEUE
from api.desks.showing import desk_page
from api.formats import Instant
from api.routes import back_office_acts
from api.shapes.acts import Ruling
from api.ticket_reading import NumberInPath
from db.models.disputes import GainRuling
from db.models.people import Person
from db.models.tickets import JournalEntry, Session
from db.reads.gathered import Wanted, gather
from db.reads.people import KnownPerson
from db.reads.technicians import working_technicians
from domain.errors import Refusal, Refused
from domain.opening_hours import PARIS
from domain.rulings import LARGEST_NUMBER_OF_REWORKS, GainKind, RulingKind
from domain.tickets import Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/dossiers", tags=["pages"], include_in_schema=False)


class FreeSession(Ruling):
    """Of which the hour is not left out."""

    start: Instant


@router.get("/{number}/seance-gratuite", summary="The page to grant a free session", dependencies=READS)
async def show(
    request: Request, person: AnyBackOffice, number: NumberInPath, given: Given, a_partir_du: FromDay = None
) -> HTMLResponse:
    return await _page(request, person, given, number, a_partir_du)


@router.post("/{number}/seance-gratuite", summary="Grant a free session, from the page", dependencies=READS)
async def grant(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    if look := form.value("look"):
        return await _page(request, person, given, number, look, Filled(form.values))

    async def granting() -> None:
        body = form.body(FreeSession, kind=RulingKind.REWORK, gains=gains_of(form))
        await back_office_acts.ruling(person, number, body, acts)

    return await settled(
        form,
        granting,
        back(number, "seance"),
        lambda again: _page(request, person, given, number, form.value("from"), again),
    )


async def _page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    number: str,
    day: str | None,
    form: Filled | None = None,
) -> HTMLResponse:
    words = await free_hours(given, person, number, day, Command.RULING, is_again=form is not None)
    plain = words["view"].number
    async with given.sessions() as session:
        found = await gather(
            session,
            Wanted(Session, Session.ticket == plain, (Session.number,)),
            Wanted(
                JournalEntry,
                (JournalEntry.ticket == plain) & (JournalEntry.act == REWORK),
                (JournalEntry.at,),
            ),
            Wanted(GainRuling, GainRuling.ticket == plain, (GainRuling.session,)),
            working_technicians(words["now"].astimezone(PARIS).date()),
        )
    if form is None and len(found.of(JournalEntry)) >= LARGEST_NUMBER_OF_REWORKS:
        raise Refused(Refusal.REWORKS_EXHAUSTED)
    ruled = {one.session for one in found.of(GainRuling)}
    unruled = [one.number for one in found.of(Session) if one.number not in ruled]
    first = {f"gains.{place}.kind": GainKind.FULL.value for place, _ in enumerate(unruled)}
    return desk_page(
        request,
        person,
        "desk/back_office/free_session.html.j2",
        QUEUE,
        form=form or BLANK.anew(**first),
        own=path_of(plain),
        unruled=unruled,
        gain_kinds=[(kind.value, french.GAIN_RULINGS[kind]) for kind in GainKind],
        technicians={one.id: one.name for one in found.of(Person)},
        **words,
    )
