"""Files of transfers with what has become of them, and the bank's messages."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from db.models.bank import BankMessage, BankOrder, StoredTransferFile
from domain.bank_orders import OrderState


@dataclass(frozen=True)
class TransferFileLine:
    """`transfers` counts those in it by what the bank says of them."""

    file: StoredTransferFile
    transfers: Counter[OrderState]


async def files_of(session: AsyncSession, month: str) -> list[TransferFileLine]:
    """Those of a month that are written, oldest first."""
    rows = await session.execute(
        select(StoredTransferFile, BankOrder.state, func.count())
        .join(BankOrder, BankOrder.file == StoredTransferFile.message_id)
        .where(StoredTransferFile.month == month, StoredTransferFile.sha256.is_not(None))
        .group_by(StoredTransferFile.message_id, BankOrder.state)
        .order_by(StoredTransferFile.n)
    )
    lines: dict[str, TransferFileLine] = {}
    for file, state, count in rows:
        lines.setdefault(file.message_id, TransferFileLine(file, Counter())).transfers[state] = count
    return list(lines.values())


async def written_file(session: AsyncSession, message_id: str) -> StoredTransferFile | None:
    """With its bytes. None while it has none."""
    query = select(StoredTransferFile).where(
        StoredTransferFile.message_id == message_id, StoredTransferFile.sha256.is_not(None)
    )
    return await session.scalar(query.options(undefer(StoredTransferFile.xml)))


async def message_of(session: AsyncSession, sha256: str) -> BankMessage | None:
    """Without its bytes."""
    return await session.get(BankMessage, sha256)


async def message_bytes(session: AsyncSession, sha256: str) -> bytes | None:
    return await session.scalar(select(BankMessage.xml).where(BankMessage.sha256 == sha256))
