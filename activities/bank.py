"""The steps of paying through our bank: a transfer ordered, a file written, what the bank says applied."""

import asyncio
import hashlib
from collections.abc import Sequence

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import refusals
from activities.gateways.bank_answers import NotABankMessageError, read_bank_answers
from activities.gateways.bank_files import pain001
from db.engine import Sessions
from db.reads.bank import message_bytes
from db.stores.payouts import bank_answers, bank_orders
from domain.bank_orders import BANK_NOT_CONFIGURED
from domain.bank_steps import (
    ApplyBankMessage,
    BankMessageApplied,
    MakeTransferFile,
    OrderTransfer,
    TransferFileMade,
)
from domain.bank_transfers import Account, BankAnswer, TransferFile
from domain.errors import Refusal, Refused
from domain.payout_steps import TransferAnswer


class BankActivities:
    """`debtor` is our own account, which transfers leave; without one nothing is ordered."""

    def __init__(self, database: Sessions, debtor: Account | None) -> None:
        self._database = database
        self._debtor = debtor

    @activity.defn
    async def order_transfer(self, message: OrderTransfer) -> TransferAnswer:
        """The order, the payout's status and the posting, in one transaction. The bank hears of it with the
        file that it is put into."""
        if self._debtor is None:
            return TransferAnswer(refusal=BANK_NOT_CONFIGURED)
        async with self._database.begin() as session:
            return await bank_orders.order(session, message)

    @activity.defn
    async def make_transfer_file(self, message: MakeTransferFile) -> TransferFileMade:
        """Write what waits into files: first one that was left unwritten. Safe to repeat: a file is written
        from its rows, to the same bytes, and the run's last file is answered again."""
        while True:
            async with self._database.begin() as session:
                file = await bank_orders.open_file(session, message, self._debtor)
                if file is None:
                    return TransferFileMade(await bank_orders.last_file_of(session, message.run))
            # No connection to the database is held meanwhile, and the loop is not either.
            try:
                xml = await asyncio.to_thread(self._write, file)
            except Exception as fault:
                # Its words may quote names and accounts.
                raise ApplicationError(
                    f"{file.message_id}: {type(fault).__name__}", type="file_not_made"
                ) from None
            async with self._database.begin() as session:
                await bank_orders.keep_file(session, file.message_id, xml, hashlib.sha256(xml).hexdigest())

    def _write(self, file: TransferFile) -> bytes:
        return pain001(file)

    @activity.defn
    async def apply_bank_message(self, message: ApplyBankMessage) -> BankMessageApplied:
        """All that a message says, in one transaction. Safe to repeat."""
        async with self._database.begin() as session:
            xml = await message_bytes(session, message.sha256)
        # One that is in the archive was applied: what it did is answered again.
        answers = await self._read(xml) if xml is not None else ()
        async with self._database.begin() as session:
            return await bank_answers.apply(session, message, answers)

    async def _read(self, xml: bytes) -> Sequence[BankAnswer]:
        with refusals():
            try:
                return await asyncio.to_thread(read_bank_answers, xml)
            except NotABankMessageError:
                raise Refused(Refusal.NOT_A_BANK_MESSAGE) from None
