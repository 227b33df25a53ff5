"""The claim: gains bound to a statement for ever, and the payout that will pay it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import Gain
from db.models.payees import Payee
from db.models.payouts import HANDED_OVER, GainClaim, Payout, PayoutStatus, Statement, StatementCounter
from db.models.people import Technician
from db.reads.claimable_gains import unclaimed
from db.reads.payees import standings
from db.stores.money.ledger import post
from domain import ledger
from domain.ids import payout_key, payout_number, statement_number, statement_sequence
from domain.opening_hours import PARIS
from domain.payees import VAT_BP, Rail, carried_over, holds, vat_cents
from domain.payout_steps import Claim, Claimed, PayoutToSend, TechnicianOrder


async def claim(session: AsyncSession, message: Claim) -> Claimed:
    """Claim what is claimable, and list all payouts of the month that are to be sent, oldest first: neither
    paid nor with the bank. Nothing of it while something holds the technician's money.

    Each payout listed for the provider is marked as such before anything is sent: whoever finds the mark
    later knows that it may have been.

    Claims of one technician come one after the other, whatever the month: each locks the technician's
    counter, and looks for gains only then. Repeated, it finds nothing new and gives the same list.
    """
    order = message.order
    counter = await _locked_counter(session, order.technician_id)
    mine = unclaimed(order.cut_off).where(Gain.technician_id == order.technician_id).order_by(Gain.id)
    gains = list(await session.scalars(mine))
    total_cents = sum(gain.amount_cents for gain in gains)
    due = carried_over(total_cents) is None
    unpaid = await _unpaid(session, order)
    found = (await standings(session, [order.technician_id]))[order.technician_id]
    held = holds(found, total_cents if due else 0, message.at.astimezone(PARIS).date())
    if held:
        return Claimed(payouts=(), failure=held[0].value if due or unpaid else None)
    if due:
        counter.last += 1
        n = await _next_number(session, order)
        await _issue(session, message, counter.last, n, gains)
        unpaid = await _unpaid(session, order)
    return Claimed(payouts=await _to_send(session, order, unpaid, found.rail))


class ClaimDiffersError(ValueError):
    """What there is to claim is not what was claimed before the database forgot it."""


async def claim_as_before(session: AsyncSession, message: Claim, claimed: Claimed) -> None:
    """Claim under the numbers that were given before the database forgot them. What held the technician's
    money is not asked again: the statement was issued. Raises `ClaimDiffersError`, and claims nothing, where
    the gains come to another amount than the payout's."""
    await _locked_counter(session, message.order.technician_id)
    for payout in claimed.payouts:
        if await session.get(Statement, payout.key) is not None:
            continue
        mine = unclaimed(message.order.cut_off).where(Gain.technician_id == message.order.technician_id)
        gains = list(await session.scalars(mine.order_by(Gain.id)))
        sequence, n = statement_sequence(payout.number), payout_number(payout.key)
        issued = await _issue(session, message, sequence, n, gains)
        if (issued.key, issued.number, issued.due_cents) != (payout.key, payout.number, payout.amount_cents):
            raise ClaimDiffersError(payout.key)
        (await session.get_one(Payout, payout.key)).rail = payout.rail


async def _locked_counter(session: AsyncSession, technician_id: str) -> StatementCounter:
    await session.execute(
        insert(StatementCounter).values(technician_id=technician_id, last=0).on_conflict_do_nothing()
    )
    return await session.get_one(StatementCounter, technician_id, with_for_update=True)


async def _issue(
    session: AsyncSession, message: Claim, sequence: int, n: int, gains: Sequence[Gain]
) -> Statement:
    """The statement, its gains, its payout and its posting."""
    order, payee = message.order, await session.get_one(Payee, message.order.technician_id)
    key = payout_key(order.month, order.technician_id, n)
    total_cents = sum(gain.amount_cents for gain in gains)
    vat_bp = VAT_BP if payee.vat_number is not None else None
    vat = vat_cents(total_cents, charges_vat=vat_bp is not None)
    statement = Statement(
        key=key,
        technician_id=order.technician_id,
        month=order.month,
        n=n,
        sequence=sequence,
        number=statement_number(payee.series, sequence),
        total_cents=total_cents,
        vat_bp=vat_bp,
        vat_cents=vat,
        cut_off=order.cut_off,
        issued_at=message.at,
    )
    session.add(statement)
    await session.flush()
    session.add_all(GainClaim(gain_id=gain.id, statement=key) for gain in gains)
    session.add(Payout(key=key, status=PayoutStatus.TO_SEND))
    await session.flush()
    posting = ledger.statement_issued(key, order.technician_id, total_cents, vat)
    await post(session, posting, message.at)
    return statement


async def _next_number(session: AsyncSession, order: TechnicianOrder) -> int:
    query = select(func.max(Statement.n)).where(
        Statement.month == order.month, Statement.technician_id == order.technician_id
    )
    return (await session.scalar(query) or 0) + 1


async def _unpaid(session: AsyncSession, order: TechnicianOrder) -> list[tuple[Payout, Statement]]:
    query = (
        select(Payout, Statement)
        .join(Statement, Statement.key == Payout.key)
        .where(
            Statement.month == order.month,
            Statement.technician_id == order.technician_id,
            Payout.status.not_in(HANDED_OVER),
        )
        .order_by(Statement.n)
        .with_for_update(of=Payout)
    )
    return [(payout, statement) for payout, statement in await session.execute(query)]


async def _to_send(
    session: AsyncSession, order: TechnicianOrder, unpaid: Sequence[tuple[Payout, Statement]], rail: Rail
) -> tuple[PayoutToSend, ...]:
    technician = await session.get_one(Technician, order.technician_id)
    listed = tuple(
        PayoutToSend(
            key=payout.key,
            technician_id=order.technician_id,
            amount_cents=statement.due_cents,
            account=technician.account_reference or "",
            attempt=payout.attempts + 1,
            number=statement.number,
            rail=rail,
            # A refusal is recorded, but not that a later attempt is under way: whatever the payout's status,
            # its last attempt at the provider may have passed.
            look_first=rail is Rail.SEPA and payout.rail is Rail.STRIPE,
        )
        for payout, statement in unpaid
    )
    if rail is Rail.STRIPE:
        for payout, _ in unpaid:
            payout.rail = rail
    return listed
