"""Setting a tariff: one more row, never a change of those that are there."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import TariffVersion
from domain.errors import Refusal, Refused
from domain.tariff_versions import NewTariff

TAKEN = {
    "pk_tariffs": Refusal.TARIFF_VERSION_TAKEN,
    "uq_tariffs_skill_effective_from": Refusal.TARIFF_DATE_TAKEN,
}


async def set_tariff(session: AsyncSession, new: NewTariff, set_by: str, at: datetime) -> None:
    """Raises `Refused(TARIFF_VERSION_TAKEN)`, or `Refused(TARIFF_DATE_TAKEN)` when the skill has a version
    of that very date; two at the same moment wait for each other."""
    tariff = new.tariff
    row = TariffVersion(
        version=tariff.version,
        skill=new.skill,
        effective_from=new.effective_from,
        slice_minutes=tariff.slice_minutes,
        minimum_slices=tariff.minimum_slices,
        grace_minutes=tariff.grace_minutes,
        price_ttc_cents=tariff.price_ttc_cents,
        vat_bp=tariff.vat_bp,
        technician_ht_cents=tariff.technician_ht_cents,
        set_by=set_by,
        set_at=at,
    )
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        refusal = TAKEN.get(getattr(getattr(error.orig, "diag", None), "constraint_name", None) or "")
        if refusal is None:
            raise
        raise Refused(refusal) from None
