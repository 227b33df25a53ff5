"""Tariffs: all versions for the team, and finance's setting of the next one."""

from fastapi import APIRouter

from api.auth import AnyFinance, BackOfficeOrFinance
from api.dependencies import Dependencies, Given
from api.documentation import COMMAND, SIGNED_IN, problems
from api.idempotency import IdempotencyKey, asking
from api.recording import recorded
from api.shapes.tariffs import TariffAsked, Tariffs, TariffView, tariff_views
from db.reads.people import names_of
from db.reads.skills import all_skills, unknown_skills
from db.reads.tariffs import all_versions
from db.stores.requests import remember
from db.stores.tariffs import set_tariff
from domain.accesses import Act
from domain.errors import Refusal, Refused
from domain.tariff import Tariff
from domain.tariff_versions import VAT_BP, NewTariff, check_new_tariff

router = APIRouter(prefix="/v1/tariffs", tags=["finance"])


@router.get("", summary="All tariffs", responses=problems(*SIGNED_IN))
async def read_tariffs(_: BackOfficeOrFinance, given: Given) -> Tariffs:
    """Past, in force and to come, for all skills and for each that has its own. A version for a skill wins
    over those for all, however new."""
    return Tariffs(tariffs=await _views(given))


@router.post(
    "",
    status_code=201,
    summary="Set a tariff",
    dependencies=[recorded(Act.TARIFF_SET)],
    responses=problems(
        *COMMAND,
        Refusal.UNKNOWN_SKILL,
        Refusal.TARIFF_PAST,
        Refusal.TARIFF_TOO_FAR,
        Refusal.TARIFF_PRICE,
        Refusal.TARIFF_SLICES,
        Refusal.TARIFF_GAIN,
        Refusal.TARIFF_VERSION_TAKEN,
        Refusal.TARIFF_DATE_TAKEN,
    ),
)
async def add_tariff(person: AnyFinance, body: TariffAsked, key: IdempotencyKey, given: Given) -> TariffView:
    """It applies to what is booked from its date of effect on; what is booked before keeps its own. It is
    never edited nor withdrawn: another version, of a later date or for the same skill, takes its place."""
    asked = asking(person, key, "tariff", body, about=body.version)
    now = given.clock()
    async with given.sessions.begin() as session:
        if (await remember(session, asked)).is_new:
            if body.skill is not None and await unknown_skills(session, {body.skill}):
                raise Refused(Refusal.UNKNOWN_SKILL)
            new = NewTariff(_tariff(body), body.skill, body.effective_from or now)
            check_new_tariff(new, now)
            await set_tariff(session, new, person.id, now)
    return next(view for view in await _views(given) if view.version == body.version)


def _tariff(body: TariffAsked) -> Tariff:
    return Tariff(
        version=body.version,
        slice_minutes=body.slice_minutes,
        minimum_slices=body.minimum_slices,
        grace_minutes=body.grace_minutes,
        price_ttc_cents=body.price_ttc_cents,
        vat_bp=VAT_BP,
        technician_ht_cents=body.technician_ht_cents,
    )


async def _views(given: Dependencies) -> list[TariffView]:
    async with given.sessions() as session:
        rows = await all_versions(session)
        skills = {skill.code: skill.label for skill in await all_skills(session)}
        names = await names_of(session, {row.set_by for row in rows if row.set_by})
    return tariff_views(rows, skills, names, given.clock())
