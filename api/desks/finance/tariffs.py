"""Tariffs: those in force, to come and past, and setting the next one."""

from collections import defaultdict

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import Field
from starlette.responses import Response

from api.auth import AnyFinance
from api.dependencies import Dependencies, Given
from api.desks.finance import words
from api.desks.finance.typed import Day, Euros
from api.desks.forms import BLANK, Filled, Sent, SentForm, settled
from api.desks.sections import TARIFFS
from api.desks.showing import desk_page, done
from api.formats import Body, SkillCode
from api.recording import recorded
from api.routes import tariffs
from api.shapes.tariffs import TariffAsked, TariffView, VersionName, tariff_views
from db.reads.people import KnownPerson, names_of
from db.reads.skills import all_skills
from db.reads.tariffs import all_versions
from domain.accesses import Act
from domain.errors import Refusal, Refused
from domain.tariff_versions import HIGHEST_PRICE_CENTS, LOWEST_PRICE_CENTS, TariffState

# For people, not for frontends: no part of the API's description.
router = APIRouter(prefix="/tarifs", tags=["pages"], include_in_schema=False)


class TariffTyped(Body):
    """As `TariffAsked`: a day whose beginning is the date of effect, none for now, and amounts in euros."""

    version: VersionName
    skill: SkillCode | None = None
    effective_from: Day | None = None
    slice_minutes: int = Field(ge=1, le=15)
    minimum_slices: int = Field(ge=1, le=15)
    grace_minutes: int = Field(ge=0, le=14)
    price_ttc_cents: Euros
    technician_ht_cents: Euros


@router.get("", summary="All tariffs, to read")
async def show(request: Request, person: AnyFinance, given: Given) -> HTMLResponse:
    return await _tariffs_page(request, person, given)


@router.post("", summary="Set a tariff, from the page", dependencies=[recorded(Act.TARIFF_SET)])
async def add(request: Request, person: AnyFinance, given: Given, form: SentForm) -> Response:
    return await settled(
        form,
        lambda: tariffs.add_tariff(person, _asked(form), form.key, given),
        done("/tarifs", "tarif"),
        lambda again: _tariffs_page(request, person, given, again),
    )


def _asked(form: Sent) -> TariffAsked:
    """Raises `ValidationError`, and `Refused` for an amount that no tariff can have: the route speaks of it
    in cents."""
    typed = form.body(TariffTyped)
    if not LOWEST_PRICE_CENTS <= typed.price_ttc_cents <= HIGHEST_PRICE_CENTS:
        raise Refused(Refusal.TARIFF_PRICE)
    if not 0 < typed.technician_ht_cents <= HIGHEST_PRICE_CENTS:
        raise Refused(Refusal.TARIFF_GAIN)
    return TariffAsked.model_validate(typed.model_dump())


async def _tariffs_page(
    request: Request, person: KnownPerson, given: Dependencies, form: Filled | None = None
) -> HTMLResponse:
    now = given.clock()
    async with given.sessions() as session:
        rows = await all_versions(session)
        skills = await all_skills(session)
        names = await names_of(session, {row.set_by for row in rows if row.set_by})
    views = tariff_views(rows, {skill.code: skill.label for skill in skills}, names, now)
    by_state: defaultdict[str, list[TariffView]] = defaultdict(list)
    for view in views:
        by_state[view.state.code].append(view)
    current = next((one for one in by_state[TariffState.IN_FORCE] if one.skill is None), None)
    return desk_page(
        request,
        person,
        "desk/finance/tariffs.html.j2",
        TARIFFS,
        form=form or _begun(current),
        said=words.DONE,
        in_force=by_state[TariffState.IN_FORCE],
        to_come=by_state[TariffState.TO_COME],
        past=list(reversed(by_state[TariffState.PAST])),
        skills=[("", words.OTHER_SKILLS), *((one.code, one.label) for one in skills)],
        now=now,
    )


def _begun(current: TariffView | None) -> Filled:
    """The form with the lengths of today's tariff: they seldom change with its prices."""
    if current is None:
        return BLANK.anew(slice_minutes=15, minimum_slices=1, grace_minutes=2)
    return BLANK.anew(
        slice_minutes=current.slice_minutes,
        minimum_slices=current.minimum_slices,
        grace_minutes=current.grace_minutes,
    )
