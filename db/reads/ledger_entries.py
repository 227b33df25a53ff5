"""The ledger line by line, numbered as they were recorded, for the accountant's file."""

from collections.abc import AsyncIterator

from sqlalchemy import String, case, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.money import LedgerLine, LedgerTransaction
from domain.fec import LedgerEntry, header, record
from domain.payouts import Month

FETCHED_AT_ONCE = 1000
# Of an invoice or a credit note, wherever in a posting's key.
DOCUMENT = "[FA][0-9]{4}-[0-9]{6,}"


# The number of the invoice or credit note that the key names, or else all of the key but its kind.
_PIECE = func.coalesce(
    func.substring(LedgerTransaction.key, DOCUMENT),
    func.regexp_replace(LedgerTransaction.key, "^[^:]*:", ""),
)
# The key of the posting by which that piece was entered when it was made.
_KEY_OF_PIECE = case(
    (_PIECE.regexp_match("^F[0-9]"), func.concat("invoice:", _PIECE)),
    (_PIECE.regexp_match("^A[0-9]"), func.concat("credit:", _PIECE)),
    else_=func.concat("statement:", _PIECE),
)


async def entries_of_year(session: AsyncSession, year: int) -> AsyncIterator[list[LedgerEntry]]:
    """Those of that year, Paris time, in batches; numbered from 1 in the order of recording, without a gap.

    They are read through a cursor: one snapshot, and never the whole year in memory.
    """
    numbered = (
        select(
            LedgerTransaction.key,
            LedgerTransaction.at,
            LedgerTransaction.recorded_at,
            _PIECE.label("piece"),
            _KEY_OF_PIECE.label("piece_key"),
            func.row_number()
            .over(order_by=(LedgerTransaction.recorded_at, LedgerTransaction.key))
            .label("number"),
        )
        .where(LedgerTransaction.at >= Month(year, 1).start, LedgerTransaction.at < Month(year + 1, 1).start)
        .subquery()
    )
    made = aliased(LedgerTransaction)
    account_number = func.split_part(LedgerLine.account, ":", 1)
    query = (
        select(
            numbered.c.number,
            numbered.c.key,
            numbered.c.at,
            numbered.c.recorded_at,
            LedgerLine.account,
            LedgerLine.amount_cents,
            func.array_agg(account_number, type_=ARRAY(String)).over(partition_by=LedgerLine.transaction),
            numbered.c.piece,
            func.coalesce(made.at, numbered.c.at),
        )
        .join(LedgerLine, LedgerLine.transaction == numbered.c.key)
        .outerjoin(made, made.key == numbered.c.piece_key)
        .order_by(numbered.c.number, LedgerLine.line)
        .execution_options(yield_per=FETCHED_AT_ONCE)
    )
    result = await session.stream(query)
    async for rows in result.partitions():
        yield [
            LedgerEntry(number, key, at, recorded_at, account, cents, frozenset(numbers), piece, piece_at)
            for number, key, at, recorded_at, account, cents, numbers, piece, piece_at in rows
        ]


async def fec_of_year(session: AsyncSession, year: int) -> AsyncIterator[bytes]:
    """The year's file, piece by piece."""
    yield header()
    async for entries in entries_of_year(session, year):
        yield b"".join(record(entry) for entry in entries)
