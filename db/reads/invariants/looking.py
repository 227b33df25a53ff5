"""Looking at every invariant at one moment: in one transaction that sees a single state and may not write."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from db.reads.invariants.books import BOOKS
from db.reads.invariants.process import PROCESS
from db.reads.invariants.provider import PROVIDER
from domain.contests import ANSWERED_WITHIN
from domain.invariants import MOST_ROWS, NOT_CHECKED, Found, Invariant, Patience
from domain.payouts import SENT_WITHIN
from domain.provider_entries import EVENTS, FEE, KINDS
from domain.reversals import TRANSFER_REVERSED

log = logging.getLogger(__name__)

QUERIES: dict[Invariant, str] = {**BOOKS, **PROCESS, **PROVIDER}


async def look(
    session: AsyncSession, at: datetime, running: Mapping[str, datetime], patience: Patience
) -> list[Found]:
    """What each invariant's query finds, in the order of `Invariant`; one that cannot be asked is not true.
    `running` maps the number of each ticket whose workflow runs to the time of its start; it must have been
    asked for before."""
    await session.connection(
        execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    )
    # Whole tables are read, and nobody waits for it.
    await session.execute(text("SET LOCAL statement_timeout = '60s'"))
    values = {
        "at": at,
        "running": json.dumps({number: started.isoformat() for number, started in running.items()}),
        "kinds": json.dumps(KINDS),
        "events": json.dumps(EVENTS),
        "fee": FEE,
        "money": patience.money,
        "listing": patience.listing,
        "process": patience.process,
        "farewell": patience.farewell,
        "contest": ANSWERED_WITHIN,
        "payout": SENT_WITHIN,
        "taken_back": TRANSFER_REVERSED,
    }
    return [await _found(session, name, values) for name in Invariant]


async def _found(session: AsyncSession, name: Invariant, values: Mapping[str, object]) -> Found:
    query = text(
        f"SELECT to_jsonb(found) AS row, count(*) OVER () AS total FROM ({QUERIES[name]}) AS found "  # noqa: S608
        f"ORDER BY 1 LIMIT {MOST_ROWS}"
    )
    try:
        async with session.begin_nested():
            rows = (await session.execute(query, dict(values))).all()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        # Too long, or not what the tables are like any more: it must not hide the others, nor be hidden.
        log.warning("invariant %s could not be checked: %s", name, type(error.orig).__name__)
        return Found(name, 1, (NOT_CHECKED,))
    return Found(name, rows[0].total if rows else 0, tuple(row.row for row in rows))
