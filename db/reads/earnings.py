"""What technicians are still to be told of their money, and what such a mail may say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Gain
from db.models.notifications import Notification
from db.models.payouts import Statement
from db.models.people import Person
from db.reads.documents import is_missing
from db.reads.payout_previews import month_due
from db.reads.people import active_person
from domain.earnings import TOLD_WITHIN, Earnings, EarningsMail
from domain.opening_hours import paris_month
from domain.payees import Hold
from domain.payouts import cut_off, parse_month


@dataclass(frozen=True)
class EarningsToTell:
    """The one of these that the mail is about. What is held is `held_cents`, VAT included, of the transfer
    for `month`."""

    name: str
    mail: str
    gain: Gain | None = None
    statement: Statement | None = None
    hold: Hold | None = None
    held_cents: int = 0
    month: str = ""


async def earnings_to_tell(session: AsyncSession, at: datetime) -> list[Earnings]:
    """What was neither sent nor refused for good, of technicians who have an account."""
    found = [*await _gains(session, at), *await _statements(session, at), *await _holds(session, at)]
    active = set(await session.scalars(select(Person.id).where(Person.active)))
    settled = await _settled(session, [one.key for one in found])
    return [one for one in found if one.technician_id in active and one.key not in settled]


async def what_to_tell(session: AsyncSession, told: Earnings, at: datetime) -> EarningsToTell | None:
    """As it is now: None when there is nothing to tell any more, or nobody to be told."""
    person = await active_person(session, told.technician_id)
    if person is None:
        return None
    match told.mail:
        case EarningsMail.GAIN_EARNED:
            gain = await session.get(Gain, told.about)
            return EarningsToTell(person.name, person.mail, gain=gain) if gain else None
        case EarningsMail.STATEMENT_READY:
            found = await session.scalar(select(Statement).where(Statement.number == told.about))
            return EarningsToTell(person.name, person.mail, statement=found) if found else None
        case EarningsMail.TRANSFER_HELD:
            month, _, hold = told.about.partition(":")
            held = {one.about: cents for one, cents in await _held(session, at, told.technician_id)}
            if told.about not in held:
                return None
            return EarningsToTell(
                person.name, person.mail, hold=Hold(hold), held_cents=held[told.about], month=month
            )


async def _gains(session: AsyncSession, at: datetime) -> list[Earnings]:
    """Corrections have mails of their own."""
    rows = await session.execute(
        select(Gain.technician_id, Gain.id)
        .where(Gain.number == 0, Gain.amount_cents > 0, Gain.accepted_at > at - TOLD_WITHIN)
        .order_by(Gain.accepted_at, Gain.id)
    )
    return [Earnings(EarningsMail.GAIN_EARNED, owner, gain) for owner, gain in rows]


async def _statements(session: AsyncSession, at: datetime) -> list[Earnings]:
    """Once their document is made: the mail brings it."""
    rows = await session.execute(
        select(Statement.technician_id, Statement.number)
        .where(Statement.issued_at > at - TOLD_WITHIN, ~is_missing(Statement.number))
        .order_by(Statement.issued_at, Statement.number)
    )
    return [Earnings(EarningsMail.STATEMENT_READY, owner, number) for owner, number in rows]


async def _holds(session: AsyncSession, at: datetime) -> list[Earnings]:
    return [one for one, _ in await _held(session, at)]


async def _held(
    session: AsyncSession, at: datetime, technician_id: str | None = None
) -> list[tuple[Earnings, int]]:
    """Of the month that is over, by what must be mended first, and how much waits. Once a month each."""
    month = parse_month(paris_month(at)).previous()
    found = []
    for due in await month_due(session, month, cut_off(month, at), at, technician_id):
        waits = due.total_cents + due.vat_cents if due.gains and due.carried_over is None else 0
        waits += sum(line.statement.due_cents for line in due.unpaid)
        if due.holds and waits:
            about = f"{month}:{due.holds[0]}"
            found.append((Earnings(EarningsMail.TRANSFER_HELD, due.technician_id, about), waits))
    return found


async def _settled(session: AsyncSession, keys: Collection[str]) -> set[str]:
    over = or_(Notification.sent_at.is_not(None), Notification.refused_at.is_not(None))
    return set(await session.scalars(select(Notification.key).where(Notification.key.in_(keys), over)))
