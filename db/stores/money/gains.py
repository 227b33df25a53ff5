"""Gains: what each session earns its technician, born when the intervention is accepted or ruled."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Gain, TariffVersion
from db.models.tickets import Ticket
from db.stores.money.ledger import post
from domain import ledger
from domain.opening_hours import paris_month
from domain.rulings import EarnedGain
from domain.tariff import Tariff
from domain.ticket_steps import Act


async def earn(session: AsyncSession, act: Act, tariff: Tariff, gains: Sequence[EarnedGain]) -> None:
    """One gain for each session that earns something, at the rate frozen at booking. A session that has one
    already is corrected by a further row, of negative slices if it earns less now."""
    for gain in gains:
        cents = tariff.gain_cents(gain.slices)
        if cents == 0:
            continue
        number = await session.scalar(
            select(func.count()).where(Gain.ticket == act.ticket, Gain.session == gain.session)
        )
        session.add(
            Gain(
                ticket=act.ticket,
                session=gain.session,
                number=number or 0,
                technician_id=gain.technician_id,
                slices=gain.slices,
                amount_cents=cents,
                month=paris_month(act.at),
                accepted_at=act.at,
                act=act.key,
            )
        )
        await session.flush()
        key = f"{act.ticket}:{gain.session}" + (f":{number}" if number else "")
        await post(session, ledger.gain_earned(key, gain.technician_id, cents), act.at)


async def standing_gains(session: AsyncSession, ticket: str) -> list[EarnedGain]:
    """What each session of a ticket earns its technician, all corrections counted; nothing for those that
    earn nothing."""
    rows = await session.execute(
        select(Gain.session, Gain.technician_id, func.sum(Gain.slices))
        .where(Gain.ticket == ticket)
        .group_by(Gain.session, Gain.technician_id)
        .having(func.sum(Gain.slices) > 0)
        .order_by(Gain.session)
    )
    return [EarnedGain(number, technician_id, int(slices)) for number, technician_id, slices in rows]


async def tariff_of(session: AsyncSession, ticket: Ticket) -> Tariff:
    """The one that was frozen at booking."""
    version = await session.get_one(TariffVersion, ticket.tariff_version)
    return Tariff(**{name: getattr(version, name) for name in Tariff.__dataclass_fields__})


async def changed_by(session: AsyncSession, ticket: str, act: str) -> list[EarnedGain]:
    """What the act of that key has added to the gain of each session; negative for what it took."""
    rows = await session.scalars(
        select(Gain).where(Gain.ticket == ticket, Gain.act == act).order_by(Gain.session)
    )
    return [EarnedGain(gain.session, gain.technician_id, gain.slices) for gain in rows]


def technicians(gains: Sequence[EarnedGain]) -> tuple[str, ...]:
    """Once each."""
    return tuple(sorted({gain.technician_id for gain in gains}))
