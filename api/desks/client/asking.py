"""Asking for help, in three steps: what and how long, when, then how to be reached. What one writes is asked
for last, so that it is in no address and kept nowhere before it is sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response, StreamingResponse

from api.auth import AnyClient, CurrentSignIn
from api.dependencies import Dependencies, Given, GivenWorkflows
from api.desks.client.cards import to_card_page
from api.desks.client.details import Wanted, details_page, holding, opening_of
from api.desks.forms import BLANK, Filled, SentForm, Trouble, tried
from api.desks.images import with_images
from api.desks.live import follow
from api.desks.sections import NEW_REQUEST
from api.desks.showing import DONE, desk_page, done
from api.desks.slots import free_days
from api.formats import Instant, Minutes, SkillCode
from api.pages import see
from api.shapes.common import in_paris
from api.slot_search import alternatives, length_of
from api.turnstile import in_turn
from db.askers import Purpose, for_purpose
from db.models.people import Skill
from db.reads.people import KnownPerson
from db.reads.skills import all_skills
from db.reads.tariffs import tariffs_in_force
from db.reads.watching import version_of_card
from domain.errors import Refusal

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/demandes/nouvelle", tags=["pages"], include_in_schema=False)

WHAT, WHEN, WHO = (f"/demandes/nouvelle{step}" for step in ("", "/creneau", "/coordonnees"))
LENGTHS = (30, 45, 60, 90, 120)
USUAL_LENGTH = 60

Typed = Annotated[str | None, Query(max_length=40)]


@router.get("", summary="The first step: what for, and how long")
async def ask_what(
    request: Request, person: AnyClient, given: Given, competence: Typed = None, minutes: Typed = None
) -> HTMLResponse:
    async with given.sessions() as session:
        skills = await all_skills(session)
        tariffs = await tariffs_in_force(session, given.clock())
    return desk_page(
        request,
        person,
        "desk/client/ask_what.html.j2",
        NEW_REQUEST,
        form=BLANK.anew(competence=competence, minutes=minutes or USUAL_LENGTH),
        skills=[(one, tariffs.get(one.code) or tariffs.get(None)) for one in skills],
        lengths=LENGTHS,
    )


@router.get("/creneau", summary="The second step: when")
async def ask_when(
    request: Request,
    person: AnyClient,
    given: Given,
    competence: Typed = None,
    minutes: Typed = None,
    a_partir_du: Annotated[str | None, Query(max_length=10)] = None,
) -> Response:
    wanted = wanted_of(competence, minutes)
    if wanted is None:
        return see(WHAT)
    return await _when_page(request, person, given, wanted, a_partir_du)


@router.post("/creneau", summary="Hold a slot, from the page", dependencies=[Depends(in_turn)])
async def choose_when(request: Request, person: AnyClient, given: Given, form: SentForm) -> Response:
    wanted = wanted_of(form.value("competence"), form.value("minutes"), form.value("start") or None)
    if wanted is None:
        return see(WHAT)
    trouble = await tried(lambda: holding(given, person, form, wanted))
    if trouble is not None:
        day = form.value("from")
        return await _when_page(request, person, given, wanted, day, form.again(trouble))
    return see(_address(WHO, wanted))


async def _when_page(
    request: Request,
    person: KnownPerson,
    given: Dependencies,
    wanted: Wanted,
    day: str | None,
    form: Filled | None = None,
) -> Response:
    now = given.clock()
    async with given.sessions(info=for_purpose(Purpose.AGENDAS)) as session:
        skill = _named(await all_skills(session), wanted.skill)
        if skill is None:
            return see(WHAT)
        days = await free_days(
            session,
            given,
            client_id=person.id,
            skill=skill.code,
            minutes=wanted.minutes,
            level=skill.required_level,
            day=day,
        )
    return desk_page(
        request,
        person,
        "desk/client/ask_when.html.j2",
        NEW_REQUEST,
        form=form,
        skill=skill.label,
        wanted=wanted,
        days=days,
        own=_address(WHEN, wanted),
        back=_address(WHAT, wanted),
        soonest=_address(WHO, Wanted(wanted.skill, wanted.minutes)),
        now=now,
    )


@router.get("/coordonnees", summary="The third step: how to be reached")
async def ask_who(
    request: Request,
    person: AnyClient,
    given: Given,
    competence: Typed = None,
    minutes: Typed = None,
    debut: Typed = None,
) -> Response:
    wanted = wanted_of(competence, minutes, debut)
    if wanted is None:
        return see(WHAT)
    return await details_page(request, person, given, wanted, _address(WHEN, wanted))


@router.post("/coordonnees", summary="Ask for help, from the page", dependencies=[Depends(in_turn)])
async def send(
    request: Request, person: AnyClient, given: Given, form: SentForm, workflows: GivenWorkflows
) -> Response:
    """Or only hold the slot again, or another one, where that was lost while the form was filled in."""
    wanted = wanted_of(form.value("competence"), form.value("minutes"), form.value("start") or None)
    if wanted is None:
        return see(WHAT)
    others: Sequence[datetime] = ()
    if form.value("do") == "hold":
        trouble = await tried(lambda: holding(given, person, form, wanted))
        others = await _others(given, person, wanted, trouble)
        shown = form.again(trouble) if trouble is not None else BLANK.anew(**form.values)
    else:
        numbers: list[str] = []

        async def sending() -> None:
            nonlocal form
            form = await with_images(request, given, person, form)
            numbers.append(await opening_of(given, workflows, person, form, wanted))

        trouble = await tried(sending)
        if trouble is None:
            return done(f"/demandes/{numbers[0]}", "demandee")
        shown = form.again(trouble)
    return await details_page(request, person, given, wanted, _address(WHEN, wanted), shown, others)


@router.post("/carte", summary="Give a card, from the page")
async def give_card(
    request: Request, person: AnyClient, given: Given, form: SentForm, workflows: GivenWorkflows
) -> Response:
    """Leads to the provider's page, and back to the third step."""
    wanted = wanted_of(form.value("competence"), form.value("minutes"), form.value("start") or None)
    if wanted is None:
        return see(WHAT)
    led = await to_card_page(given, workflows, person, form, f"{_address(WHO, wanted)}&{DONE}=carte")
    if isinstance(led, Trouble):
        again = form.again(led)
        return await details_page(request, person, given, wanted, _address(WHEN, wanted), again)
    return led


@router.get("/suivi", summary="Whether my card has come")
async def watch(request: Request, person: AnyClient, found: CurrentSignIn, given: Given) -> StreamingResponse:
    return await follow(request, given, found, lambda session: version_of_card(session, person.id))


def wanted_of(skill: str | None, minutes: str | None, start: str | None = None) -> Wanted | None:
    """None for what no page of ours has led to."""
    try:
        return Wanted(
            SKILL.validate_python(skill),
            MINUTES.validate_python(minutes, strict=False),
            START.validate_python(start),
        )
    except ValidationError:
        return None


SKILL: TypeAdapter[str] = TypeAdapter(SkillCode)
MINUTES: TypeAdapter[int] = TypeAdapter(Minutes)
START: TypeAdapter[datetime | None] = TypeAdapter(Instant | None)


def _address(path: str, wanted: Wanted) -> str:
    said = {"competence": wanted.skill, "minutes": str(wanted.minutes)}
    if wanted.start is not None and path == WHO:
        said["debut"] = in_paris(wanted.start)
    return f"{path}?{urlencode(said)}"


def _named(skills: Sequence[Skill], code: str) -> Skill | None:
    return next((one for one in skills if one.code == code), None)


async def _others(
    given: Dependencies, person: KnownPerson, wanted: Wanted, trouble: Trouble | None
) -> Sequence[datetime]:
    """The next free slots, where the one that was wanted is taken, or too near by now."""
    problem = trouble.problem if trouble is not None else None
    if problem is None or problem.code not in {Refusal.SLOT_TAKEN, Refusal.SLOT_NOT_OFFERED}:
        return ()
    async with given.sessions(info=for_purpose(Purpose.AGENDAS)) as session:
        found = await alternatives(
            session,
            given,
            person.id,
            wanted.skill,
            length_of(given, wanted.minutes),
            wanted.start or given.clock(),
        )
    return [slot.start for slot in found]
