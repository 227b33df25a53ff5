"""The ledger line by line, numbered as they were recorded, for the accountant's file."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.money import LedgerLine, LedgerTransaction
from domain.chart_of_accounts import account_of
from domain.fec import LedgerEntry, Piece, header, piece_of, record
from domain.payouts import Month

# Few enough that nobody else waits while they are written.
POSTINGS_AT_ONCE = 200


async def fec_of_year(session: AsyncSession, year: int) -> AsyncIterator[bytes]:
    """The year's file, piece by piece. In a session that has not begun: all of it is read of one moment."""
    await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    yield header()
    async for entries in entries_of_year(session, year):
        yield b"".join(record(entry) for entry in entries)


async def entries_of_year(session: AsyncSession, year: int) -> AsyncIterator[list[LedgerEntry]]:
    """Those of that year, Paris time, some postings at a time; numbered from 1 in the order of recording,
    without a gap. However many there are, each question is a short one."""
    count = 0
    batch = await _postings(session, year, after=None)
    while batch:
        yield await _entries(session, batch, count)
        count += len(batch)
        batch = await _postings(session, year, after=batch[-1])


async def _postings(
    session: AsyncSession, year: int, after: LedgerTransaction | None
) -> Sequence[LedgerTransaction]:
    recording = tuple_(LedgerTransaction.recorded_at, LedgerTransaction.key)
    query = (
        select(LedgerTransaction)
        .where(LedgerTransaction.at >= Month(year, 1).start, LedgerTransaction.at < Month(year + 1, 1).start)
        .order_by(LedgerTransaction.recorded_at, LedgerTransaction.key)
        .limit(POSTINGS_AT_ONCE)
    )
    if after is not None:
        query = query.where(recording > (after.recorded_at, after.key))
    postings = (await session.scalars(query)).all()
    # The session remembers what it has read: of a whole year that would be too much.
    session.expunge_all()
    return postings


async def _entries(
    session: AsyncSession, postings: Sequence[LedgerTransaction], count: int
) -> list[LedgerEntry]:
    lines: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for transaction, account, cents in await session.execute(
        select(LedgerLine.transaction, LedgerLine.account, LedgerLine.amount_cents)
        .where(LedgerLine.transaction.in_([posting.key for posting in postings]))
        .order_by(LedgerLine.transaction, LedgerLine.line)
    ):
        lines[transaction].append((account, cents))
    pieces = {posting.key: piece_of(posting.key) for posting in postings}
    made_at = await _made_at(session, pieces.values())
    return [
        entry
        for number, posting in enumerate(postings, start=count + 1)
        for entry in _lines_of(number, posting, lines[posting.key], pieces[posting.key], made_at)
    ]


def _lines_of(
    number: int,
    posting: LedgerTransaction,
    lines: list[tuple[str, int]],
    piece: Piece,
    made_at: Mapping[str, datetime],
) -> list[LedgerEntry]:
    numbers = frozenset(account_of(name).number for name, _ in lines)
    piece_at = made_at.get(piece.entered_as, posting.at)
    return [
        LedgerEntry(
            number=number,
            key=posting.key,
            at=posting.at,
            recorded_at=posting.recorded_at,
            account=account,
            cents=cents,
            numbers=numbers,
            piece=piece.reference,
            piece_at=piece_at,
        )
        for account, cents in lines
    ]


async def _made_at(session: AsyncSession, pieces: Iterable[Piece]) -> dict[str, datetime]:
    """When the pieces were made, by the keys under which they were entered."""
    rows = await session.execute(
        select(LedgerTransaction.key, LedgerTransaction.at).where(
            LedgerTransaction.key.in_({piece.entered_as for piece in pieces})
        )
    )
    return {row.key: row.at for row in rows}
