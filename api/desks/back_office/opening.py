"""A request opened for a client on the phone: what for and how long, then when and how to be reached."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from sqlalchemy import true
from starlette.responses import StreamingResponse

from api.accepted_texts import IN_FORCE
from api.alternatives import slot_taken
from api.auth import AnyBackOffice, CurrentSignIn
from api.codes import ApiCode
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.desks.back_office import case_file
from api.desks.back_office.people_file import path_of
from api.desks.client.asking import LENGTHS, USUAL_LENGTH, Typed, wanted_of
from api.desks.client.details import Wanted
from api.desks.forms import BLANK, Filled, SentForm, tried
from api.desks.live import follow
from api.desks.sections import PEOPLE
from api.desks.showing import desk_page, done
from api.desks.slots import free_days
from api.errors import Problem
from api.express_request_text import CURRENT_VERSION, TEXTS
from api.idempotency import Key
from api.recording import Declared, recorded
from api.routes import opening
from api.routes.technicians import InPath
from api.shapes.tickets import TicketView
from api.slot_search import alternatives, length_of
from db.askers import Purpose, for_purpose
from db.models.admissions import AcceptanceOfText
from db.models.people import Card, Person, Skill
from db.reads.gathered import Found, gather
from db.reads.gathered import Wanted as Rows
from db.reads.people import KnownPerson
from db.reads.tariffs import tariff_in_force, tariffs_in_force
from db.reads.watching import version_of_card
from db.stores.requests import command_of
from domain.accesses import Reading
from domain.admissions import AcceptedText
from domain.errors import Refusal, Refused
from domain.tickets import Role, Status

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix=f"{PEOPLE.path}/{{person}}/demande", tags=["pages"], include_in_schema=False)

READS = [recorded(Reading.PERSON, "person")]
# Chosen instead of an hour.
SOONEST = "soonest"


@router.get("", summary="The page to open a request for a client", dependencies=READS)
async def show(
    request: Request,
    member: AnyBackOffice,
    person: InPath,
    given: Given,
    competence: Typed = None,
    minutes: Typed = None,
    a_partir_du: Annotated[str | None, Query(max_length=10)] = None,
) -> HTMLResponse:
    wanted = wanted_of(competence, minutes)
    if wanted is None:
        return await _what_page(request, member, given, person)
    return await _when_page(request, member, given, person, wanted, a_partir_du)


@router.post("", summary="Open a request for a client, from the page", dependencies=READS)
async def send(
    request: Request,
    member: AnyBackOffice,
    person: InPath,
    given: Given,
    workflows: GivenWorkflows,
    form: SentForm,
) -> Response:
    """Without a hold, which is a client's own: an hour that somebody takes in the very moment becomes the
    next one, and the case file says so."""
    start = form.value("start")
    wanted = wanted_of(
        form.value("competence"), form.value("minutes"), start if start not in {"", SOONEST} else None
    )
    if wanted is None:
        return await _what_page(request, member, given, person)
    if look := form.value("look"):
        return await _when_page(request, member, given, person, wanted, look, Filled(form.values))
    made: list[TicketView] = []

    async def asking() -> None:
        if not start:
            raise RequestValidationError([{"type": "missing", "loc": ("body", "start")}])
        body = form.body(
            opening.TicketAsked,
            client_id=person,
            skill=wanted.skill,
            minutes=wanted.minutes,
            not_before=wanted.start,
        )
        await _check_free(given, member, person, form.key, wanted)
        shown = Declared(Reading.TICKET, given.clock())
        made.append(await opening.open_ticket(shown, member, body, form.key, given, workflows, Response()))

    trouble = await tried(asking)
    if trouble is not None:
        day, again = form.value("from"), form.again(trouble)
        return await _when_page(request, member, given, person, wanted, day, again)
    return done(case_file.path_of(made[0].number), _opened(made[0], wanted))


def _opened(made: TicketView, wanted: Wanted) -> str:
    if made.status.code == Status.TO_ASSIGN:
        return "ouverte-a-attribuer"
    return "ouverte" if wanted.start in {None, made.start} else "ouverte-autre-heure"


async def _check_free(
    given: Dependencies, member: KnownPerson, person: str, key: Key, wanted: Wanted
) -> None:
    """The hour was agreed on the phone: whoever comes too late is to agree on another. Raises
    `Problem(SLOT_TAKEN)`. A form sent twice is not refused the hour that it has got itself."""
    if wanted.start is None:
        return
    length = length_of(given, wanted.minutes)
    async with given.sessions(info=for_purpose(Purpose.AGENDAS)) as session:
        if await command_of(session, member.id, key.text) is not None:
            return
        others = await alternatives(session, given, person, wanted.skill, length, wanted.start)
    if wanted.start not in [slot.start for slot in others]:
        raise slot_taken(others)


@router.get("/suivi", summary="Whether the client's card has come")
async def watch(
    request: Request, _: AnyBackOffice, found: CurrentSignIn, person: InPath, given: Given
) -> StreamingResponse:
    return await follow(request, given, found, lambda session: version_of_card(session, person))


async def _what_page(request: Request, member: KnownPerson, given: Dependencies, person: str) -> HTMLResponse:
    async with given.sessions() as session:
        found = await gather(
            session,
            Rows(Person, Person.id == person, (Person.id,)),
            Rows(Skill, true(), (Skill.label,)),
        )
        tariffs = await tariffs_in_force(session, given.clock())
    return desk_page(
        request,
        member,
        "desk/back_office/open_what.html.j2",
        PEOPLE,
        form=BLANK.anew(minutes=USUAL_LENGTH),
        client=_client(found),
        own=path_of(person),
        skills=[(one, tariffs.get(one.code) or tariffs.get(None)) for one in found.of(Skill)],
        lengths=LENGTHS,
    )


async def _when_page(
    request: Request,
    member: KnownPerson,
    given: Dependencies,
    person: str,
    wanted: Wanted,
    day: str | None,
    form: Filled | None = None,
) -> HTMLResponse:
    now = given.clock()
    terms = AcceptanceOfText.text == AcceptedText.TERMS
    in_force = AcceptanceOfText.version == IN_FORCE[AcceptedText.TERMS]
    async with given.sessions(info=for_purpose(Purpose.AGENDAS)) as session:
        found = await gather(
            session,
            Rows(Person, Person.id == person, (Person.id,)),
            Rows(Card, (Card.client_id == person) & Card.card_reference.is_not(None), (Card.client_id,)),
            Rows(Skill, Skill.code == wanted.skill, (Skill.code,)),
            Rows(
                AcceptanceOfText,
                (AcceptanceOfText.person_id == person) & terms & in_force,
                (AcceptanceOfText.accepted_at,),
            ),
        )
        client, skill, card = _client(found), found.last(Skill), found.last(Card)
        if skill is None:
            raise Refused(Refusal.UNKNOWN_SKILL)
        tariff = await tariff_in_force(session, now, skill.code)
        days = await free_days(
            session,
            given,
            client_id=client.id,
            skill=skill.code,
            minutes=wanted.minutes,
            level=skill.required_level,
            day=day,
        )
    return desk_page(
        request,
        member,
        "desk/back_office/open_when.html.j2",
        PEOPLE,
        form=form,
        live=card is None,
        client=client,
        own=path_of(person),
        wanted=wanted,
        skill=skill.label,
        card=card.label if card is not None else None,
        has_card=card is not None,
        tariff=tariff,
        at_most_cents=tariff.price(wanted.minutes // tariff.slice_minutes).ttc_cents,
        days=days,
        express_text=TEXTS[CURRENT_VERSION],
        has_accepted=found.last(AcceptanceOfText) is not None,
        client_page=f"{given.public_url}/demandes/nouvelle",
        soonest=SOONEST,
        now=now,
    )


def _client(found: Found) -> Person:
    """Raises `Problem(PERSON_NOT_FOUND)` for whoever is none, or has none of our accounts any more."""
    client = found.last(Person)
    if client is None or client.role is not Role.CLIENT or not client.active:
        raise Problem(ApiCode.PERSON_NOT_FOUND)
    return client
