"""The gains that a run would claim. The preview and the claim ask the same question, so they agree."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Gain
from db.models.payouts import GainClaim
from db.reads.held import is_free
from domain.payees import carried_over


@dataclass(frozen=True)
class ClaimableTotal:
    technician_id: str
    gains: int
    total_cents: int


def unclaimed(cut_off: datetime) -> Select[Gain]:
    """Gains of any month, accepted before the cut-off, that no statement has: a gain belongs to the month
    of its acceptance, so what a month's end leaves out is exactly what later months earn. Some are held;
    see `db.reads.held`."""
    return (
        select(Gain)
        .outerjoin(GainClaim, GainClaim.gain_id == Gain.id)
        .where(GainClaim.gain_id.is_(None), Gain.accepted_at < cut_off, is_free())
    )


async def claimable_totals(
    session: AsyncSession, cut_off: datetime, technician_id: str | None = None
) -> list[ClaimableTotal]:
    """What a run with this cut-off would put on statements now, a technician a line. A total that is carried
    over (zero, negative, or below the minimum) is not there."""
    found = await unclaimed_totals(session, cut_off, technician_id)
    return [total for total in found if carried_over(total.total_cents) is None]


async def unclaimed_totals(
    session: AsyncSession, cut_off: datetime, technician_id: str | None = None
) -> list[ClaimableTotal]:
    """As `claimable_totals`, with what would be carried over."""
    gains = unclaimed(cut_off).subquery()
    query = (
        select(gains.c.technician_id, func.count(), func.sum(gains.c.amount_cents))
        .group_by(gains.c.technician_id)
        .order_by(gains.c.technician_id)
    )
    if technician_id is not None:
        query = query.where(gains.c.technician_id == technician_id)
    return [ClaimableTotal(owner, count, int(cents)) for owner, count, cents in await session.execute(query)]
