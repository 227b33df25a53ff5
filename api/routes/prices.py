"""What help costs today: the list that anybody may read, and the price of a session to come."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import AnyPerson
from api.codes import ApiCode
from api.dependencies import Given
from api.documentation import SIGNED_IN, problems
from api.formats import Minutes, SkillCode
from api.shapes.common import Labelled
from api.shapes.prices import PriceList, PricePreviewed, price_previewed, skill_price
from db.reads.skills import all_skills
from db.reads.tariffs import tariff_in_force
from domain.duration import LONGEST_CEILING_MINUTES
from domain.errors import Refusal, Refused
from domain.price_preview import preview, shortest_ceiling
from domain.tickets import Role

router = APIRouter(prefix="/v1", tags=["prices"])


@router.get(
    "/price-list",
    summary="The prices in force",
    responses=problems(ApiCode.DATABASE_UNAVAILABLE, Refusal.NO_TARIFF),
)
async def read_price_list(given: Given) -> PriceList:
    """Of each kind of help, VAT included: prices are public before anybody signs in (code de la consommation,
    art. L. 112-1)."""
    now = given.clock()
    async with given.sessions() as session:
        return PriceList(
            prices=[
                skill_price(
                    Labelled(code=skill.code, label=skill.label),
                    await tariff_in_force(session, now, skill.code),
                )
                for skill in await all_skills(session)
            ]
        )


@router.get(
    "/prices",
    summary="What a session would cost",
    responses=problems(
        *SIGNED_IN,
        ApiCode.INVALID_INPUT,
        Refusal.UNKNOWN_SKILL,
        Refusal.INVALID_DURATION,
        Refusal.NO_TARIFF,
    ),
)
async def read_price(
    person: AnyPerson,
    given: Given,
    skill: Annotated[SkillCode, Query()],
    minutes: Annotated[int, Query(ge=1, le=LONGEST_CEILING_MINUTES, description="Of the session.")],
    ceiling_minutes: Annotated[
        Minutes | None, Query(description="The next multiple of 15, if not given.")
    ] = None,
) -> PricePreviewed:
    """As it would be billed if it were booked now: a ticket keeps the tariff in force when it is booked."""
    async with given.sessions() as session:
        labels = {known.code: known.label for known in await all_skills(session)}
        if skill not in labels:
            raise Refused(Refusal.UNKNOWN_SKILL)
        tariff = await tariff_in_force(session, given.clock(), skill)
    return price_previewed(
        Labelled(code=skill, label=labels[skill]),
        tariff,
        preview(tariff, minutes, ceiling_minutes or shortest_ceiling(minutes)),
        with_gains=person.role is not Role.CLIENT,
    )
