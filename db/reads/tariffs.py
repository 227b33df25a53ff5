"""The prices in force at an instant, those of a version, and all versions there are."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import TariffVersion
from domain.errors import Refusal, Refused
from domain.tariff import Tariff


async def tariff_in_force(session: AsyncSession, at: datetime, skill: str) -> Tariff:
    """The newest version for that skill whose date of effect has come; where there is none, the newest one
    for all skills. Raises `Refused(NO_TARIFF)` before the first."""
    row = await session.scalar(
        select(TariffVersion)
        .where(
            TariffVersion.effective_from <= at,
            or_(TariffVersion.skill == skill, TariffVersion.skill.is_(None)),
        )
        .order_by(TariffVersion.skill.nulls_last(), TariffVersion.effective_from.desc())
        .limit(1)
    )
    if row is None:
        raise Refused(Refusal.NO_TARIFF)
    return as_tariff(row)


async def tariffs_in_force(session: AsyncSession, at: datetime) -> dict[str | None, Tariff]:
    """By skill, as far as one has prices of its own; those of all others are under None."""
    found: dict[str | None, Tariff] = {}
    for row in await all_versions(session):
        if row.effective_from <= at:
            found[row.skill] = as_tariff(row)
    return found


async def tariff_of_version(session: AsyncSession, version: str) -> Tariff:
    return as_tariff(await session.get_one(TariffVersion, version))


async def all_versions(session: AsyncSession) -> list[TariffVersion]:
    """Those for all skills first, then skill by skill, each from the oldest to the newest."""
    query = select(TariffVersion).order_by(TariffVersion.skill.nulls_first(), TariffVersion.effective_from)
    return list(await session.scalars(query))


def as_tariff(row: TariffVersion) -> Tariff:
    return Tariff(
        version=row.version,
        slice_minutes=row.slice_minutes,
        minimum_slices=row.minimum_slices,
        grace_minutes=row.grace_minutes,
        price_ttc_cents=row.price_ttc_cents,
        vat_bp=row.vat_bp,
        technician_ht_cents=row.technician_ht_cents,
    )
