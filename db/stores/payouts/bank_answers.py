"""What the bank says of our transfers, brought home: to the order, to its payout and to the ledger."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.bank import BankDebit, BankMessage, BankOrder
from db.models.payouts import Payout, PayoutStatus, Statement
from db.stores.money.ledger import post
from db.stores.payouts.transfers import LONGEST_CODE, locked
from domain.bank_orders import BANK_REJECTED, BANK_RETURNED, Order, OrderState, Told, postings, told_by
from domain.bank_steps import ApplyBankMessage, BankMessageApplied
from domain.bank_transfers import BankAnswer, BankAnswerKind
from domain.payees import Rail

DEFAULT_CODES = {OrderState.REJECTED: BANK_REJECTED, OrderState.RETURNED: BANK_RETURNED}


async def apply(
    session: AsyncSession, message: ApplyBankMessage, answers: Sequence[BankAnswer]
) -> BankMessageApplied:
    """All of the message's answers, each under the lock of its order. Repeated, it answers what it did the
    first time."""
    stored = await session.get_one(BankMessage, message.sha256, with_for_update=True)
    if stored.outcome is not None:
        return BankMessageApplied(**stored.outcome)
    counts: Counter[str] = Counter()
    known = _Known(await _locked_orders(session, answers), answers)
    for answer in answers:
        counts.update(await _heard(session, answer, known.concerned_by(answer), message.at))
    applied = BankMessageApplied(**counts)
    stored.applied_at, stored.outcome = message.at, asdict(applied)
    return applied


class _Known:
    """The orders that a message is about; a statement has thousands of entries that are not."""

    def __init__(self, orders: Sequence[BankOrder], answers: Sequence[BankAnswer]) -> None:
        self._by_reference = {one.reference: one for one in orders}
        self._by_file: dict[str | None, list[BankOrder]] = defaultdict(list)
        for one in orders:
            self._by_file[one.file].append(one)
        self._named = {answer.reference for answer in answers}

    def concerned_by(self, answer: BankAnswer) -> list[BankOrder] | None:
        """None if it is about nothing of ours. What a message says of a transfer prevails over what it says
        of the file."""
        if answer.reference is not None:
            found = self._by_reference.get(answer.reference)
            return None if found is None else [found]
        if answer.message_id not in self._by_file:
            return None
        return [one for one in self._by_file[answer.message_id] if one.reference not in self._named]


async def _locked_orders(session: AsyncSession, answers: Sequence[BankAnswer]) -> list[BankOrder]:
    """Those that the answers are about, in the same order for everybody, so that none waits for another in a
    circle."""
    references = {answer.reference for answer in answers if answer.reference is not None}
    files = {answer.message_id for answer in answers if answer.message_id is not None}
    query = (
        select(BankOrder)
        .where(or_(BankOrder.reference.in_(references), BankOrder.file.in_(files)))
        .order_by(BankOrder.reference)
        .with_for_update()
    )
    return list(await session.scalars(query))


async def _heard(
    session: AsyncSession, answer: BankAnswer, concerned: Sequence[BankOrder] | None, at: datetime
) -> Counter[str]:
    """How many of each (`BankMessageApplied`)."""
    if concerned is None:
        return Counter({"unknown": 1})
    if answer.kind is BankAnswerKind.ACCEPTED:
        return Counter({"accepted": 1})
    told = told_by(answer)
    if told is None:
        return Counter({"unchanged": 1})
    if told.state is OrderState.SETTLED:
        await _note_debit(session, answer)
    changed: Counter[str] = Counter()
    for one in concerned:
        if _is_of_another_amount(answer, one):
            changed["conflicting"] += 1
        elif told.prevails_over(Told(one.state, one.by_file)):
            changed.update(await _learn(session, one, told, answer, at))
        else:
            await _keep_reason(session, one, told, answer)
    return changed or Counter({"unchanged": 1})


async def _note_debit(session: AsyncSession, answer: BankAnswer) -> None:
    """One debit for a whole file: which transfers it is for is known only once every rejection has come, so
    that an invariant compares them, and not this message."""
    if answer.message_id is not None and answer.amount_cents:
        debit = {"file": answer.message_id, "amount_cents": answer.amount_cents}
        await session.execute(insert(BankDebit).values(debit).on_conflict_do_nothing())


def _is_of_another_amount(answer: BankAnswer, order: BankOrder) -> bool:
    if answer.reference is None or answer.amount_cents is None:
        return False
    return answer.amount_cents != order.amount_cents


async def _learn(
    session: AsyncSession, order: BankOrder, told: Told, answer: BankAnswer, at: datetime
) -> Counter[str]:
    before = order.state
    order.state, order.by_file, order.closed_at = told.state, told.by_file, at
    match told.state:
        case OrderState.SETTLED:
            order.settled_on, order.code = answer.day, None
        case OrderState.REJECTED:
            # Refused as a whole, with a reason, and one by one without any.
            kept = order.code if before is OrderState.REJECTED else None
            order.settled_on, order.code = None, _code(answer) or kept
        case _:
            order.code = _code(answer)
    statement = await session.get_one(Statement, order.payout)
    entry = Order(order.payout, order.attempt, statement.technician_id, order.amount_cents)
    for posting in postings(entry, before, told):
        await post(session, posting, at)
    learnt = Counter({told.state.value: 1}) if before is not told.state else Counter[str]()
    payout = await locked(session, order.payout)
    if _is_by(payout, order):
        _bring_home(payout, order, at if before is not told.state else payout.paid_at)
    elif told.state is OrderState.SETTLED:
        learnt["conflicting"] += 1
    return learnt


async def _keep_reason(session: AsyncSession, order: BankOrder, told: Told, answer: BankAnswer) -> None:
    """A reason that was not given the first time."""
    if order.state is told.state and order.state in DEFAULT_CODES and order.code is None:
        order.code = _code(answer)
        payout = await locked(session, order.payout)
        if _is_by(payout, order):
            _bring_home(payout, order, None)


def _is_by(payout: Payout, order: BankOrder) -> bool:
    """Whether this order is the payout's last attempt: otherwise it has gone another way since, or may have,
    if it is marked for the provider."""
    if payout.transfer == order.reference:
        return True
    failed = payout.status is PayoutStatus.FAILED and payout.rail is Rail.SEPA
    return failed and payout.attempts == order.attempt


def _bring_home(payout: Payout, order: BankOrder, paid_at: datetime | None) -> None:
    payout.attempts = order.attempt
    if order.state is OrderState.SETTLED:
        payout.status, payout.failure, payout.transfer = PayoutStatus.PAID, None, order.reference
        payout.paid_at = paid_at
    else:
        payout.status, payout.failure = PayoutStatus.FAILED, order.code or DEFAULT_CODES[order.state]
        payout.transfer = payout.paid_at = None


def _code(answer: BankAnswer) -> str | None:
    return answer.code[:LONGEST_CODE] if answer.code is not None else None
