"""Chargebacks: what the provider says of one is entered whole, however often and in whatever order."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chargebacks import Chargeback
from db.models.money import Invoice, Payment, PaymentStatus
from db.models.tickets import JournalEntry, Ticket
from db.reads.chargebacks import Charged
from db.reads.refunds import kept_cents
from db.stores.money.credits import due_of
from db.stores.money.gains import changed_by, earn, standing_gains, tariff_of
from db.stores.money.ledger import entered_cents, post
from db.stores.tickets import acts
from domain import ledger
from domain.chargebacks import (
    OPEN,
    AnswerChargeback,
    ChargebackStatus,
    ConcedeChargeback,
    LookAtChargeback,
    Moved,
    fees_cents,
    returned_cents,
    withdrawn_cents,
)
from domain.messages import Actor
from domain.rulings import EarnedGain
from domain.ticket_steps import Act
from domain.tickets import Role, Status

PROVIDER = Actor(id="provider", role=Role.SYSTEM)


@dataclass(frozen=True)
class Seen:
    """What the provider says of one now."""

    status: ChargebackStatus
    is_inquiry: bool
    reason: str
    amount_cents: int
    opened_at: datetime
    answer_by: datetime | None
    moves: tuple[Moved, ...]


async def record_seen(
    session: AsyncSession, message: LookAtChargeback, of: Charged, seen: Seen
) -> Chargeback:
    """Its row, its postings and, once it is lost, the gains that are taken back. Answers the row as it is
    then: what is an older answer changes nothing."""
    ticket = await session.get_one(Ticket, of.ticket, with_for_update=True)
    known = await session.get(Chargeback, message.chargeback)
    if known is None:
        known = Chargeback(
            reference=message.chargeback,
            invoice=of.invoice,
            ticket=of.ticket,
            status=seen.status,
            is_inquiry=seen.is_inquiry,
            reason=seen.reason,
            amount_cents=seen.amount_cents,
            opened_at=seen.opened_at,
        )
        session.add(known)
    elif _knows_less(seen, known):
        return known
    known.is_inquiry, known.amount_cents, known.answer_by = (
        seen.is_inquiry and not seen.moves,
        seen.amount_cents,
        seen.answer_by,
    )
    # A chargeback that is over stays so, whatever an answer that was under way says; but a bank may give a
    # lost one back after all.
    overturned = known.status is ChargebackStatus.LOST and seen.status is ChargebackStatus.WON
    if known.status in OPEN or overturned:
        known.status = seen.status
        known.closed_at = None if seen.status in OPEN else message.at
    known.withdrawn_cents = withdrawn_cents(seen.moves)
    known.returned_cents = returned_cents(seen.moves)
    known.fee_cents = fees_cents(seen.moves)
    await session.flush()
    for move in seen.moves:
        for posting in ledger.chargeback_moved(
            of.invoice,
            known.reference,
            move.entry,
            of.client_id,
            amount_cents=move.amount_cents,
            fee_cents=move.fee_cents,
        ):
            await post(session, posting, message.at)
    payment = await session.get_one(Payment, of.invoice)
    if known.status is ChargebackStatus.LOST and payment.status is not PaymentStatus.PAID:
        # What is lost is known once the payment is entered, which its ticket does, and we look again.
        return known
    await _journal(session, message, ticket, known)
    await _change_gains(session, message, ticket, known)
    return known


def _knows_less(seen: Seen, known: Chargeback) -> bool:
    """Whether it is the answer to an older question: entries of the provider's books never go away."""
    withdrawn, returned = withdrawn_cents(seen.moves), returned_cents(seen.moves)
    return withdrawn < known.withdrawn_cents or returned < known.returned_cents


async def _journal(
    session: AsyncSession, message: LookAtChargeback, ticket: Ticket, known: Chargeback
) -> None:
    """Once for each status that was seen."""
    act = Act(
        ticket=ticket.number,
        key=f"chargeback:{known.reference}:{known.status.value}",
        at=message.at,
        actor=PROVIDER,
    )
    if await acts.find(session, act) is not None:
        return
    about = (known.invoice, known.reference, ticket.client_id)
    if known.status is ChargebackStatus.LOST:
        invoice = await session.get_one(Invoice, known.invoice)
        # What a credit note has taken off already is no loss.
        owed = (await due_of(session, invoice)).ttc_cents - await kept_cents(session, known.invoice)
        await post(session, ledger.chargeback_lost(*about, max(0, owed)), message.at)
    elif known.status is ChargebackStatus.WON:
        loss = ledger.chargeback_lost(*about, 0).key
        lost = await entered_cents(session, loss, ledger.BAD_DEBTS)
        await post(session, ledger.chargeback_recovered(*about, lost), message.at)
    acts.record(
        session,
        act,
        "chargeback",
        ticket.status,
        ticket.status,
        reference=known.reference,
        status=known.status.value,
    )


async def changed_gains(
    session: AsyncSession, ticket: str, reference: str, status: ChargebackStatus
) -> list[EarnedGain] | None:
    """How the bank's decision has changed the gains of the ticket; None while that is still to be done."""
    taken = await _entered_gains(session, ticket, _taken(reference))
    match status:
        case ChargebackStatus.LOST:
            return taken
        case ChargebackStatus.WON if taken:
            return await _entered_gains(session, ticket, _given_back(reference))
        case _:
            return []


async def _entered_gains(session: AsyncSession, ticket: str, key: str) -> list[EarnedGain] | None:
    found = await session.scalar(
        select(JournalEntry.id).where(JournalEntry.ticket == ticket, JournalEntry.key == key)
    )
    return None if found is None else await changed_by(session, ticket, key)


def _taken(reference: str) -> str:
    return f"chargeback_gains:{reference}"


def _given_back(reference: str) -> str:
    return f"chargeback_gains:{reference}:given_back"


async def _change_gains(
    session: AsyncSession, message: LookAtChargeback, ticket: Ticket, known: Chargeback
) -> None:
    """Nothing is paid for work that a bank found was not owed; netted against later gains, never below. What
    was taken so is earned again when the bank gives the money back after all. Not while the ticket is
    suspended: its ruling comes first, and we look again."""
    done = await changed_gains(session, ticket.number, known.reference, known.status)
    if done is not None or ticket.status is Status.SUSPENDED:
        return
    if known.status is ChargebackStatus.LOST:
        key, before = _taken(known.reference), await standing_gains(session, ticket.number)
    else:
        key = _given_back(known.reference)
        before = await changed_by(session, ticket.number, _taken(known.reference))
    act = Act(ticket.number, key, message.at, PROVIDER)
    gains = [EarnedGain(one.session, one.technician_id, -one.slices) for one in before]
    await earn(session, act, await tariff_of(session, ticket), gains)
    acts.record(session, act, "chargeback_gains", ticket.status, ticket.status, reference=known.reference)


async def record_answered(session: AsyncSession, message: AnswerChargeback) -> None:
    begun = await acts.begin(session, message.act)
    if begun.done:
        return
    known = await session.get_one(Chargeback, message.chargeback)
    known.answered_at = message.act.at
    acts.record(
        session,
        message.act,
        "chargeback_answered",
        begun.ticket.status,
        begun.ticket.status,
        reference=known.reference,
        submission=message.submission_id,
    )


async def record_conceded(session: AsyncSession, message: ConcedeChargeback) -> None:
    begun = await acts.begin(session, message.act)
    if begun.done:
        return
    acts.record(
        session,
        message.act,
        "chargeback_conceded",
        begun.ticket.status,
        begun.ticket.status,
        reference=message.chargeback,
        submission=message.submission_id,
    )
