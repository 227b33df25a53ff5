"""The gains that no run may claim for now, each with what holds it."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import case, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.chargebacks import Chargeback
from db.models.money import Gain
from db.models.payouts import GainClaim
from db.models.tickets import Ticket
from db.reads.held import is_held
from db.reads.people import shown_name_of
from domain.chargebacks import OPEN
from domain.tickets import Status


class HeldBy(StrEnum):
    """What holds a gain; the first of several, in this order."""

    SUSPENDED = "suspended"
    CHARGEBACK = "chargeback"
    REFUND = "refund"


@dataclass(frozen=True)
class HeldGain:
    gain: Gain
    technician: str
    by: HeldBy


async def held_gains(session: AsyncSession, limit: int) -> list[HeldGain]:
    """Oldest first."""
    # Not the one that the conditions look for.
    ticket = aliased(Ticket)
    taken_back = exists().where(Chargeback.ticket == Gain.ticket, Chargeback.status.in_(OPEN))
    by = case(
        (ticket.status == Status.SUSPENDED, HeldBy.SUSPENDED.value),
        (taken_back, HeldBy.CHARGEBACK.value),
        else_=HeldBy.REFUND.value,
    )
    rows = await session.execute(
        select(Gain, shown_name_of(Gain.technician_id), by)
        .join(ticket, ticket.number == Gain.ticket)
        .outerjoin(GainClaim, GainClaim.gain_id == Gain.id)
        .where(GainClaim.gain_id.is_(None), is_held())
        .order_by(Gain.accepted_at, Gain.id)
        .limit(limit)
    )
    return [HeldGain(gain, name or "", HeldBy(held_by)) for gain, name, held_by in rows]
