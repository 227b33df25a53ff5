"""Refund cases: opened, ruled, and settled, each in one transaction under its ticket's lock."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chargebacks import Chargeback
from db.models.money import Invoice
from db.models.refunds import RefundCase, RefundGainRuling
from db.models.tickets import Ticket
from db.reads.refunds import check_not_charged_back, check_refundable, kept_cents
from db.stores.money.credits import billed_slices, credit_down_to, due_of
from db.stores.money.gains import changed_by, earn, standing_gains, tariff_of, technicians
from db.stores.money.ledger import post
from db.stores.money.refunded import enter_refund
from db.stores.tickets import acts
from domain import ledger
from domain.chargebacks import OPEN
from domain.errors import Refusal, Refused
from domain.refunds import (
    DISPUTED,
    RETURNED,
    CheckRefund,
    OpenRefund,
    RefundKind,
    RefundRuled,
    RefundRuling,
    RefundSeen,
    RefundStatus,
    RuleRefund,
    SendRefund,
    SentBack,
    SettleRefund,
    TransferState,
    corrected_gains,
    slices_left,
)
from domain.rulings import EarnedGain
from domain.tariff import Tariff
from domain.ticket_steps import Act


async def open_case(session: AsyncSession, message: OpenRefund) -> None:
    """Raises what `check_refundable` does."""
    act = message.act
    begun = await acts.begin(session, act)
    if begun.done:
        return
    await check_refundable(session, begun.ticket)
    session.add(
        RefundCase(
            invoice=message.invoice,
            n=message.n,
            ticket=act.ticket,
            status=RefundStatus.OPEN,
            submission_id=message.submission_id,
            opened_by=act.actor.id,
            opened_at=act.at,
        )
    )
    _record(session, act, begun.ticket, "refund", n=message.n, submission=message.submission_id)


async def rule_case(session: AsyncSession, message: RuleRefund, number: str | None = None) -> RefundRuling:
    """Credit note, corrected gains and what is to be sent back, or none of them. `number` is the one that the
    credit note was given before the database forgot it. Raises `Refused`."""
    act, ruled = message.act, message.ruled
    begun = await acts.begin(session, act)
    case = await session.get_one(RefundCase, (message.invoice, message.n))
    if begun.done:
        return await _ruling(session, case, act)
    if case.status is not RefundStatus.OPEN:
        raise Refused(Refusal.REFUND_CLOSED)
    if ruled.kind is not RefundKind.NONE:
        await check_not_charged_back(session, case.invoice)
    invoice = await session.get_one(Invoice, message.invoice)
    tariff = await tariff_of(session, begun.ticket)
    billed = await billed_slices(session, invoice)
    left = slices_left(ruled.kind, ruled.minutes, billed=billed, tariff=tariff)
    await _correct_gains(session, act, ruled, tariff)
    session.add_all(
        RefundGainRuling(
            invoice=case.invoice, n=case.n, session=gain.session, kind=gain.kind, minutes=gain.minutes
        )
        for gain in ruled.gains
    )
    case.credit_note = await credit_down_to(session, invoice, left, act.at, paid=True, number=number)
    case.amount_cents = await _owed_back(session, invoice)
    case.kind, case.minutes, case.ruling_id = ruled.kind, ruled.minutes, ruled.submission_id
    case.ruled_by, case.ruled_at = act.actor.id, act.at
    case.status = RefundStatus.SENDING if case.amount_cents else RefundStatus.REFUSED
    case.closed_at = None if case.amount_cents else act.at
    _record(
        session,
        act,
        begun.ticket,
        "refund_ruled",
        n=case.n,
        kind=ruled.kind.value,
        credit_note=case.credit_note,
        submission=ruled.submission_id,
    )
    return await _ruling(session, case, act)


async def _ruling(session: AsyncSession, case: RefundCase, act: Act) -> RefundRuling:
    changed = await changed_by(session, act.ticket, act.key)
    return RefundRuling(case.amount_cents or 0, case.credit_note, technicians(changed))


async def record_sent(session: AsyncSession, message: SendRefund, sent: SentBack) -> None:
    """The provider took it. It may wait for money there, and come back, weeks later even."""
    begun = await acts.begin(session, message.act)
    if begun.done:
        return
    case = await session.get_one(RefundCase, (message.invoice, message.n))
    invoice = await session.get_one(Invoice, message.invoice)
    await enter_refund(session, invoice, message.n, message.attempt, sent, message.act.at)
    case.failure, case.amount_cents = None, sent.amount_cents
    if sent.moved:
        case.status, case.closed_at = RefundStatus.REFUNDED, message.act.at
    else:
        case.status = RefundStatus.SENDING
    waiting = None if sent.moved else True
    _record(
        session,
        message.act,
        begun.ticket,
        "refund_sent",
        n=message.n,
        attempt=message.attempt,
        waiting=waiting,
    )


async def record_refused(session: AsyncSession, message: SendRefund, code: str) -> None:
    """The provider would not send it: somebody must see to it."""
    begun = await acts.begin(session, message.act)
    if begun.done:
        return
    case = await session.get_one(RefundCase, (message.invoice, message.n))
    case.status, case.failure = RefundStatus.FAILED, code
    _record_failure(session, message, begun.ticket, code)


async def record_seen(session: AsyncSession, message: CheckRefund, sent: SentBack) -> RefundSeen:
    """What has become of it since: the money has left, or it is with us again, owed again."""
    act = replace(message.act, key=f"{message.act.key}:{sent.state.value}")
    begun = await acts.begin(session, act)
    invoice = await session.get_one(Invoice, message.invoice)
    case = await session.get_one(RefundCase, (message.invoice, message.n))
    failure = (RETURNED if sent.moved else DISPUTED) if sent.state is TransferState.FAILED else None
    if not begun.done and await enter_refund(session, invoice, message.n, message.attempt, sent, act.at):
        case.failure = failure
        if failure is None:
            case.status, case.closed_at = RefundStatus.REFUNDED, act.at
            _record(session, act, begun.ticket, "refund_funded", n=message.n, attempt=message.attempt)
        else:
            case.status, case.closed_at = RefundStatus.FAILED, None
            _record_failure(session, replace(message, act=act), begun.ticket, failure)
    return RefundSeen(sent.state, failure)


async def settle_by_bank(session: AsyncSession, message: SettleRefund) -> None:
    """Given back by hand. Raises `Refused(REFUND_CLOSED)` unless the case waits for that, and
    `Refused(CHARGED_BACK)` where the client's bank has seen to it, or may."""
    begun = await acts.begin(session, message.act)
    if begun.done:
        return
    case = await session.get_one(RefundCase, (message.invoice, message.n))
    if case.status is not RefundStatus.FAILED:
        raise Refused(Refusal.REFUND_CLOSED)
    await check_not_charged_back(session, case.invoice)
    invoice = await session.get_one(Invoice, message.invoice)
    given = ledger.refund_by_bank(case.invoice, case.n, invoice.client_id, case.amount_cents or 0)
    await post(session, given, message.act.at)
    case.status, case.closed_at = RefundStatus.REFUNDED, message.act.at
    _record(
        session, message.act, begun.ticket, "refund_by_bank", n=message.n, submission=message.submission_id
    )


async def _correct_gains(session: AsyncSession, act: Act, ruled: RefundRuled, tariff: Tariff) -> None:
    standing = {one.session: one for one in await standing_gains(session, act.ticket)}
    corrections = corrected_gains(
        ruled.gains, {number: one.slices for number, one in standing.items()}, tariff
    )
    gains = [
        EarnedGain(number, standing[number].technician_id, slices)
        for number, slices in sorted(corrections.items())
    ]
    await earn(session, act, tariff, gains)


async def amount_to_send(session: AsyncSession, invoice: str, n: int) -> int | None:
    """What a case has still to send: nothing once the client's bank has given it back, and None while the
    bank has it and has not decided."""
    with_the_bank = select(Chargeback.reference).where(
        Chargeback.invoice == invoice,
        Chargeback.status.in_(OPEN),
        Chargeback.withdrawn_cents > Chargeback.returned_cents,
    )
    if await session.scalar(with_the_bank) is not None:
        return None
    case = await session.get_one(RefundCase, (invoice, n))
    owed = await _owed_back(session, await session.get_one(Invoice, invoice))
    return min(case.amount_cents or 0, owed)


async def record_needless(session: AsyncSession, message: SendRefund) -> None:
    """A bank has given the client the money back: nothing is left to send."""
    begun = await acts.begin(session, message.act)
    if begun.done:
        return
    case = await session.get_one(RefundCase, (message.invoice, message.n))
    case.status, case.failure, case.amount_cents = RefundStatus.REFUNDED, None, 0
    case.closed_at = message.act.at
    _record(session, message.act, begun.ticket, "refund_needless", n=message.n, attempt=message.attempt)


async def _owed_back(session: AsyncSession, invoice: Invoice) -> int:
    """What we have of the client's money beyond what is due."""
    due = await due_of(session, invoice)
    return max(0, await kept_cents(session, invoice.number) - due.ttc_cents)


def _record_failure(
    session: AsyncSession, message: SendRefund | CheckRefund, ticket: Ticket, code: str
) -> None:
    _record(session, message.act, ticket, "refund_failed", n=message.n, attempt=message.attempt, failure=code)


def _record(
    session: AsyncSession, act: Act, ticket: Ticket, name: str, **details: str | int | bool | None
) -> None:
    acts.record(session, act, name, ticket.status, ticket.status, **details)
