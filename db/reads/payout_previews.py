"""What a run would do now, technician by technician: the same questions that its steps ask."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Gain
from db.reads.claimable_gains import ClaimableTotal, unclaimed, unclaimed_totals
from db.reads.payees import standings
from db.reads.payouts import StatementLine, statements_of_month
from domain.opening_hours import PARIS
from domain.payees import CarriedOver, Hold, carried_over, holds, vat_cents
from domain.payouts import Month


@dataclass(frozen=True)
class TechnicianDue:
    """`total_cents` of the gains that no statement has yet, without VAT, and the VAT on them. `due_cents` is
    all that a run would send, earlier statements of the month included: nothing while something holds it."""

    technician_id: str
    gains: int
    total_cents: int
    vat_cents: int
    carried_over: CarriedOver | None
    holds: tuple[Hold, ...]
    unpaid: tuple[StatementLine, ...]
    due_cents: int


async def month_due(
    session: AsyncSession, month: Month, cut_off: datetime, now: datetime, technician_id: str | None = None
) -> list[TechnicianDue]:
    """By technician's id: whoever has gains that no statement has, or a statement of the month that is not
    paid."""
    totals = {one.technician_id: one for one in await unclaimed_totals(session, cut_off, technician_id)}
    unpaid: dict[str, list[StatementLine]] = {}
    for line in await statements_of_month(session, str(month), unpaid=True):
        if technician_id in (None, line.statement.technician_id):
            unpaid.setdefault(line.statement.technician_id, []).append(line)
    concerned = sorted(totals.keys() | unpaid.keys())
    known = await standings(session, concerned)
    today = now.astimezone(PARIS).date()
    found = []
    for one in concerned:
        total = totals.get(one, ClaimableTotal(one, 0, 0))
        later = carried_over(total.total_cents) if total.gains else None
        new_cents = total.total_cents if total.gains and later is None else 0
        vat = vat_cents(new_cents, charges_vat=known[one].charges_vat)
        lines = tuple(unpaid.get(one, ()))
        held = holds(known[one], new_cents, today)
        due_cents = new_cents + vat + sum(line.statement.due_cents for line in lines)
        found.append(
            TechnicianDue(
                one,
                total.gains,
                total.total_cents,
                vat,
                later,
                held,
                lines,
                0 if held else due_cents,
            )
        )
    return found


async def lines_due(session: AsyncSession, cut_off: datetime, technician_id: str) -> list[Gain]:
    """The gains of a technician that no statement has and none holds, oldest first."""
    query = unclaimed(cut_off).where(Gain.technician_id == technician_id)
    return list(await session.scalars(query.order_by(Gain.accepted_at, Gain.id)))
