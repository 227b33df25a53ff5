"""The end of a suspension, from the page: what the client owes, what each session earns its technician."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api import french
from api.auth import AnyBackOffice
from api.dependencies import Dependencies, Given
from api.desks.back_office import case_words
from api.desks.back_office.case_acts import back, check_possible, shown
from api.desks.back_office.case_file import READS
from api.desks.back_office.case_reading import read_case
from api.desks.forms import BLANK, Filled, FormActs, Sent, SentForm, settled
from api.routes import back_office_acts
from api.shapes.acts import Ruling
from api.ticket_reading import NumberInPath
from db.reads.people import KnownPerson
from domain.rulings import LARGEST_NUMBER_OF_REWORKS, GainKind, RulingKind
from domain.tickets import Command

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/dossiers", tags=["pages"], include_in_schema=False)

# More than there can be sessions.
MOST_GAINS = 10


@router.get("/{number}/decision", summary="The page to end a suspension", dependencies=READS)
async def show(request: Request, person: AnyBackOffice, number: NumberInPath, given: Given) -> HTMLResponse:
    return await _page(request, person, given, number, None)


@router.post("/{number}/decision", summary="End a suspension, from the page", dependencies=READS)
async def rule(
    request: Request,
    person: AnyBackOffice,
    number: NumberInPath,
    given: Given,
    form: SentForm,
    acts: FormActs,
) -> Response:
    return await settled(
        form,
        lambda: back_office_acts.ruling(person, number, body_of(form), acts),
        back(number, "decidee"),
        lambda again: _page(request, person, given, number, again),
    )


def body_of(form: Sent) -> Ruling:
    """The field of what was not chosen may be left over in the form: it is not said. Raises
    `ValidationError`."""
    said = form if form.value("kind") == RulingKind.REDUCE else form.without("minutes")
    return said.body(Ruling, gains=gains_of(form))


def gains_of(form: Sent) -> list[dict[str, str]]:
    """One for each session that the page has asked about."""
    gains = []
    for place in range(MOST_GAINS):
        session, kind = form.value(f"gains.{place}.session"), form.value(f"gains.{place}.kind")
        if not session:
            break
        minutes = form.value(f"gains.{place}.minutes")
        one = {"session": session, "kind": kind}
        gains.append(one | ({"minutes": minutes} if kind == GainKind.REDUCED and minutes else {}))
    return gains


async def _page(
    request: Request, person: KnownPerson, given: Dependencies, number: str, form: Filled | None
) -> HTMLResponse:
    case = await read_case(given, person, number)
    if form is None:
        check_possible(case, Command.RULING)
    first = {f"gains.{place}.kind": GainKind.FULL.value for place, _ in enumerate(case.unruled_sessions)}
    return shown(
        request,
        person,
        given,
        case,
        "ruling",
        form or BLANK.anew(**first),
        kinds=[(kind.value, *words) for kind, words in case_words.RULINGS.items()],
        gain_kinds=[(kind.value, french.GAIN_RULINGS[kind]) for kind in GainKind],
        may_grant_session=case.free_sessions < LARGEST_NUMBER_OF_REWORKS,
    )
