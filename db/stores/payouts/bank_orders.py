"""Payouts handed over to the bank: each one ordered, then put into a file with what else waits."""

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.bank import BankOrder, StoredTransferFile
from db.models.payees import Payee
from db.models.payouts import HANDED_OVER, PayoutStatus, Statement
from db.stores.money.ledger import post
from db.stores.payouts.transfers import locked
from domain import titles
from domain.bank_orders import Order, OrderState, ordered
from domain.bank_steps import MakeTransferFile, OrderTransfer
from domain.bank_transfers import Account, BankTransfer, TransferFile, bank_reference, file_reference
from domain.opening_hours import PARIS
from domain.payees import Hold, Rail
from domain.payout_steps import INTERRUPTED, TransferAnswer
from domain.target_days import next_target_day


async def order(session: AsyncSession, message: OrderTransfer) -> TransferAnswer:
    """The payout is with the bank, for the account that the technician has now, and posted. Repeated, it
    answers the same. Refused, and nothing done, when it is paid or their account has changed since it was
    claimed, or is about to.
    """
    sent = message.payout
    reference = bank_reference(sent.key, sent.attempt)
    payout = await locked(session, sent.key)
    if await session.get(BankOrder, reference) is not None:
        return TransferAnswer(ordered=reference)
    if payout.status in HANDED_OVER or payout.attempts >= sent.attempt:
        return TransferAnswer(refusal=INTERRUPTED)
    payee = await session.get_one(Payee, sent.technician_id, with_for_update={"read": True})
    if payee.wanted_at is not None:
        return TransferAnswer(refusal=Hold.BANK_CHANGE_PENDING.value)
    if payee.rail is not Rail.SEPA or payee.iban is None or payee.legal_name is None:
        return TransferAnswer(refusal=INTERRUPTED)
    session.add(
        BankOrder(
            reference=reference,
            payout=sent.key,
            attempt=sent.attempt,
            name=payee.legal_name,
            iban=payee.iban,
            amount_cents=sent.amount_cents,
            state=OrderState.WAITING,
            ordered_at=message.at,
        )
    )
    payout.status, payout.rail, payout.transfer = PayoutStatus.ORDERED, Rail.SEPA, reference
    payout.failure = None
    await session.flush()
    entry = ordered(Order(sent.key, sent.attempt, sent.technician_id, sent.amount_cents))
    await post(session, entry, message.at)
    return TransferAnswer(ordered=reference)


async def open_file(
    session: AsyncSession, message: MakeTransferFile, debtor: Account | None
) -> TransferFile | None:
    """The next file to write, from its rows alone: one that was left unwritten, or else a new one of all that
    waits of the month. None when nothing does, or no account of ours is known."""
    waiting = list(
        await session.scalars(
            select(BankOrder)
            .join(Statement, Statement.key == BankOrder.payout)
            .where(
                Statement.month == message.month,
                BankOrder.state == OrderState.WAITING,
                BankOrder.file.is_(None),
            )
            .order_by(BankOrder.reference)
            .with_for_update(of=BankOrder)
        )
    )
    # Looked for only now: another step that has just opened one has held those rows until its commit.
    file = await session.scalar(
        select(StoredTransferFile)
        .where(StoredTransferFile.month == message.month, StoredTransferFile.sha256.is_(None))
        .order_by(StoredTransferFile.n)
        .limit(1)
        .with_for_update()
    )
    if file is None and waiting and debtor is not None:
        file = await _new_file(session, message, debtor, sum(one.amount_cents for one in waiting))
        for one in waiting:
            one.file = file.message_id
    if file is None:
        return None
    file.run = message.run
    await session.flush()
    return await _described(session, file)


async def keep_file(session: AsyncSession, message_id: str, xml: bytes, sha256: str) -> None:
    """Written once: from now on it may be handed in. Repeated, it changes nothing."""
    await session.execute(
        update(StoredTransferFile)
        .where(StoredTransferFile.message_id == message_id, StoredTransferFile.sha256.is_(None))
        .values(xml=xml, sha256=sha256)
    )
    await session.execute(
        update(BankOrder)
        .where(BankOrder.file == message_id, BankOrder.state == OrderState.WAITING)
        .values(state=OrderState.ORDERED)
    )


async def last_file_of(session: AsyncSession, run: str) -> str | None:
    """The message id of the last file that a run had written."""
    return await session.scalar(
        select(StoredTransferFile.message_id)
        .where(StoredTransferFile.run == run, StoredTransferFile.sha256.is_not(None))
        .order_by(StoredTransferFile.n.desc())
        .limit(1)
    )


async def _new_file(
    session: AsyncSession, message: MakeTransferFile, debtor: Account, total_cents: int
) -> StoredTransferFile:
    last = await session.scalar(
        select(func.max(StoredTransferFile.n)).where(StoredTransferFile.month == message.month)
    )
    n = (last or 0) + 1
    file = StoredTransferFile(
        message_id=file_reference(message.month, n),
        month=message.month,
        n=n,
        run=message.run,
        created_at=message.at,
        execution_date=next_target_day(message.at.astimezone(PARIS).date()),
        debtor_name=debtor.name,
        debtor_iban=debtor.iban,
        total_cents=total_cents,
    )
    session.add(file)
    await session.flush()
    return file


async def _described(session: AsyncSession, file: StoredTransferFile) -> TransferFile:
    rows = await session.execute(
        select(BankOrder, Statement.number)
        .join(Statement, Statement.key == BankOrder.payout)
        .where(BankOrder.file == file.message_id)
        .order_by(BankOrder.reference)
    )
    return TransferFile(
        message_id=file.message_id,
        created_at=file.created_at,
        execution_date=file.execution_date,
        debtor=Account(file.debtor_name, file.debtor_iban),
        transfers=tuple(
            BankTransfer(
                one.reference, Account(one.name, one.iban), one.amount_cents, titles.statement(number)
            )
            for one, number in rows
        ),
    )
