"""Gains: what each session earns its technician, born when the intervention is accepted or ruled."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Gain
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
            )
        )
        await session.flush()
        key = f"{act.ticket}:{gain.session}" + (f":{number}" if number else "")
        await post(session, ledger.gain_earned(key, gain.technician_id, cents), act.at)
