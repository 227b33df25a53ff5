"""The prices in force at an instant, and those of a version."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import TariffVersion
from domain.errors import Refusal, Refused
from domain.tariff import Tariff


async def tariff_in_force(session: AsyncSession, at: datetime) -> Tariff:
    """The newest version whose date of effect has come. Raises `Refused(NO_TARIFF)` before the first."""
    row = await session.scalar(
        select(TariffVersion)
        .where(TariffVersion.effective_from <= at)
        .order_by(TariffVersion.effective_from.desc())
        .limit(1)
    )
    if row is None:
        raise Refused(Refusal.NO_TARIFF)
    return _tariff(row)


async def tariff_of_version(session: AsyncSession, version: str) -> Tariff:
    return _tariff(await session.get_one(TariffVersion, version))


def _tariff(row: TariffVersion) -> Tariff:
    return Tariff(
        version=row.version,
        slice_minutes=row.slice_minutes,
        minimum_slices=row.minimum_slices,
        grace_minutes=row.grace_minutes,
        price_ttc_cents=row.price_ttc_cents,
        vat_bp=row.vat_bp,
        technician_ht_cents=row.technician_ht_cents,
    )
