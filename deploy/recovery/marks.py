"""How a restore is recognised by whoever starts: by the looks at the invariants, every quarter of an hour.

Each is a row of the database and a process in Temporal. One that Temporal has and the database has not says
that the database is older than Temporal; the reverse says the reverse. Looks from before the stores were last
found to agree prove nothing any more.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError

from activities.invariants import InvariantActivities
from db.engine import Sessions
from db.reads.recovery import looks
from deploy.recovery.histories import AT_ONCE, Step, read_process, shapes
from domain.recovery import Difference, Kind

log = logging.getLogger(__name__)

INVARIANTS = "Invariants"
KNOWN = shapes([InvariantActivities.look_at_invariants])
UNKNOWN = "-"
# What a notice begins ends in seconds, or goes on for as long as the provider is away.
UNDER_WAY = timedelta(days=1)
TIMEOUT = timedelta(seconds=20)
PAUSE_SECONDS = 2


class StoresDisagree(Exception):
    """The database or Temporal was restored to an earlier point than the other: nothing may be written."""

    def __init__(self, found: Difference) -> None:
        older = "la base" if found.kind is Kind.DATABASE_OLDER else "Temporal"
        super().__init__(
            f"{older} date d'avant {found.subject} ({found.detail}) : lancer « omea reconcile » avant tout"
        )


async def older(client: Client, database: Sessions, task_queue: str) -> list[Difference]:
    async with database() as session:
        newest, reconciled_at = await looks(session)
    known = [at for at in (newest, reconciled_at) if at is not None]
    asked, done = await _looks(client, task_queue, max(known, default=None))
    return list(compared(asked, done, newest, reconciled_at))


def compared(
    asked: datetime | None, done: datetime | None, newest: datetime | None, reconciled_at: datetime | None
) -> Iterator[Difference]:
    def counts(at: datetime | None) -> bool:
        return at is not None and (reconciled_at is None or at > reconciled_at)

    if done is not None and counts(done) and (newest is None or newest < done):
        last = newest.isoformat() if newest else UNKNOWN
        yield Difference(Kind.DATABASE_OLDER, done.isoformat(), last)
    if newest is not None and counts(newest) and (asked is None or asked < newest):
        last = asked.isoformat() if asked else UNKNOWN
        yield Difference(Kind.TEMPORAL_OLDER, newest.isoformat(), last)


def unheard_since(marks: Iterable[Difference]) -> datetime | None:
    """From when on a process that an older Temporal had may be forgotten; None if it is not older."""
    for one in marks:
        if one.kind is Kind.TEMPORAL_OLDER:
            known = one.detail if one.detail != UNKNOWN else one.subject
            return datetime.fromisoformat(known) - UNDER_WAY
    return None


async def _looks(
    client: Client, task_queue: str, since: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """The business times of the newest look that was asked for, and of the newest that was done, as far as
    they were not over by `since`, after which alone they prove anything. All of those are read: open ones
    pile up while a mail waits for its server or the database is away, and nothing says in which order
    Temporal lists them."""
    query = f"TaskQueue = '{task_queue}' AND WorkflowType = '{INVARIANTS}'"
    if since is not None:
        query += f" AND (ExecutionStatus = 'Running' OR CloseTime >= '{since.isoformat()}')"
    listed = [one async for one in client.list_workflows(query, page_size=1000, rpc_timeout=TIMEOUT)]
    gate = asyncio.Semaphore(AT_ONCE)

    async def read(one: WorkflowExecution) -> tuple[Step, ...]:
        async with gate:
            return (await read_process(client, one, KNOWN)).steps

    steps = [step for of_one in await asyncio.gather(*map(read, listed)) for step in of_one]
    asked = [step.message.at for step in steps]
    done = [step.message.at for step in steps if step.done]
    return max(asked, default=None), max(done, default=None)


async def refuse_when_older(client: Client, database: Sessions, task_queue: str) -> None:
    """Raises `StoresDisagree`: whoever starts must not write before `omea reconcile` has made the stores
    agree. One that does not answer is waited for: without it nothing can be written either."""
    while True:
        try:
            found = await older(client, database, task_queue)
        except (SQLAlchemyError, OSError, RPCError) as away:
            log.warning("the stores cannot be compared yet: %s", type(away).__name__)
            await asyncio.sleep(PAUSE_SECONDS)
            continue
        for one in found:
            raise StoresDisagree(one)
        return
