"""What a run would do now, technician by technician: the same questions that its steps ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Gain
from db.models.payouts import Statement
from db.reads.claimable_gains import ClaimableTotal, unclaimed, unclaimed_totals
from db.reads.payees import standings
from db.reads.payouts import StatementLine, statements_of_month
from domain.opening_hours import PARIS
from domain.payees import CarriedOver, Hold, Standing, carried_over, holds, vat_cents
from domain.payouts import Month


class WithStatement(Protocol):
    @property
    def statement(self) -> Statement: ...


Line = TypeVar("Line", bound=WithStatement)


@dataclass(frozen=True)
class TechnicianDue(Generic[Line]):
    """`total_cents` of the gains that no statement has yet, without VAT, and the VAT on them. `due_cents` is
    all that a run would send, earlier statements of the month included: nothing while something holds it."""

    technician_id: str
    gains: int
    total_cents: int
    vat_cents: int
    carried_over: CarriedOver | None
    holds: tuple[Hold, ...]
    unpaid: tuple[Line, ...]
    due_cents: int


async def month_due(
    session: AsyncSession, month: Month, cut_off: datetime, now: datetime, technician_id: str | None = None
) -> list[TechnicianDue[StatementLine]]:
    """By technician's id: whoever has gains that no statement has, or a statement of the month that is not
    paid."""
    totals = await unclaimed_totals(session, cut_off, technician_id)
    unpaid = [
        line
        for line in await statements_of_month(session, str(month), unpaid=True)
        if technician_id in (None, line.statement.technician_id)
    ]
    concerned = {one.technician_id for one in totals} | {line.statement.technician_id for line in unpaid}
    return due_of(totals, unpaid, await standings(session, concerned), now.astimezone(PARIS).date())


def due_of(
    totals: Sequence[ClaimableTotal],
    unpaid: Sequence[Line],
    known: Mapping[str, Standing],
    today: date,
) -> list[TechnicianDue[Line]]:
    """What a run would do for each whom something may be due, by technician's id; `known` has them all."""
    of_each = {one.technician_id: one for one in totals}
    lines_of: dict[str, list[Line]] = {}
    for line in unpaid:
        lines_of.setdefault(line.statement.technician_id, []).append(line)
    found = []
    for one in sorted(of_each.keys() | lines_of.keys()):
        total = of_each.get(one, ClaimableTotal(one, 0, 0))
        later = carried_over(total.total_cents) if total.gains else None
        new_cents = total.total_cents if total.gains and later is None else 0
        vat = vat_cents(new_cents, charges_vat=known[one].charges_vat)
        lines = tuple(lines_of.get(one, ()))
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
