"""Making the stores agree again: forgotten steps are run again, forgotten processes begun again.

In this order: no number that was ever given can be given again; what steps refer to is there; the steps are
run, in the order in which they were done; then the processes are what the database says. Each repair is kept
with its reason.
"""

import logging
from datetime import datetime

from sqlalchemy import insert

from db.models.money import Payment, PaymentStatus
from db.stores import capacity, holds, inbox
from db.stores import recovery as store
from deploy import schedules
from deploy.recovery import notices, processes
from deploy.recovery.again import Again
from deploy.recovery.histories import Step
from deploy.recovery.looking import Compared, difference_of, look
from deploy.recovery.stores import Stores
from domain.recovery import Difference, Kind

log = logging.getLogger(__name__)


async def repair(stores: Stores, at: datetime, reason: str) -> list[Difference]:
    """Repair what can be, and answer it, in order. What cannot be is found by looking again."""
    compared = await look(stores, at)
    done = [*await _end_payouts(stores, compared, at, reason), *await _protect(stores, compared, at, reason)]
    done += await _run_again(stores, compared, at, reason)
    done += await _enter_notices(stores, compared, at, reason)
    # What the database has remembered meanwhile may be all that a process was ahead by.
    compared = await look(stores, at)
    done += await _record_intents(stores, compared, at, reason)
    done += await _begin(stores, compared, at, reason)
    return done


async def accept(stores: Stores, at: datetime, reason: str) -> None:
    """From now on the stores are taken to agree; whoever starts may write."""
    async with stores.database.begin() as session:
        await store.record_reconciled(session, at, reason)


async def _end_payouts(stores: Stores, compared: Compared, at: datetime, reason: str) -> list[Difference]:
    """First of all: the run of a month that has not ended is then missing, and begun again."""
    done = []
    for one in compared.payouts:
        done.append(await processes.end_payout(stores, one))
        async with stores.database.begin() as session:
            await store.record_act(session, at, done[-1], reason)
    return done


async def _protect(stores: Stores, compared: Compared, at: datetime, reason: str) -> list[Difference]:
    kinds = (Kind.NUMBER_BEHIND, Kind.PERSON_UNKNOWN, Kind.TEXT_LOST)
    found = [one for one in compared.differences if one.kind in kinds]
    async with stores.database.begin() as session:
        await store.raise_counters(session, compared.known)
        for client in compared.clients:
            await store.put_client(session, client)
        for text in compared.texts:
            await store.put_text(session, *text)
        for one in found:
            await store.record_act(session, at, one, reason)
    async with stores.database.begin() as session:
        await holds.delete_expired(session, at)
    return found


async def _run_again(stores: Stores, compared: Compared, at: datetime, reason: str) -> list[Difference]:
    """One that fails may need what another process has done later by its own clock: it is tried once more
    after the others, for as long as any of them succeeds. What follows it in its process waits for it."""
    again = Again(stores.database, stores.activities, compared.intents, stores.chargebacks)
    left, done = compared.lost, list[Difference]()
    while left:
        failed: list[Step] = []
        stopped: set[str] = set()
        for step in left:
            if step.run in stopped or not await _succeeds(again, step):
                stopped.add(step.run)
                failed.append(step)
                continue
            done.append(difference_of(step))
            async with stores.database.begin() as session:
                await store.record_act(session, at, done[-1], reason)
        if len(failed) == len(left):
            break
        left = failed
    return done


async def _succeeds(again: Again, step: Step) -> bool:
    try:
        await again.run(step)
    except Exception as error:
        # Its words may quote a row: its kind is enough.
        log.warning("%s: %s", step.name, type(error).__name__, extra={"workflow_id": step.workflow})
        return False
    return True


async def _enter_notices(stores: Stores, compared: Compared, at: datetime, reason: str) -> list[Difference]:
    """After the steps, which say what they tell of. One that cannot be written any more stays forgotten."""
    done = []
    for step in compared.notices:
        try:
            await stores.enter_notice(step.message)
        except Exception as error:
            log.warning("a notice: %s", type(error).__name__, extra={"workflow_id": step.workflow})
            continue
        done.append(notices.difference_of(step))
        async with stores.database.begin() as session:
            await store.record_act(session, at, done[-1], reason)
    return done


async def _record_intents(stores: Stores, compared: Compared, at: datetime, reason: str) -> list[Difference]:
    found = [one for one in compared.differences if one.kind is Kind.INTENT_UNKNOWN]
    async with stores.database.begin() as session:
        for one in found:
            row = {"invoice": one.subject, "intent": one.detail, "status": PaymentStatus.CREATED}
            await session.execute(insert(Payment).values(row))
            await store.record_act(session, at, one, reason)
    return found


async def _begin(stores: Stores, compared: Compared, at: datetime, reason: str) -> list[Difference]:
    """Not of tickets of which something is still forgotten: their processes know more than the database."""
    named = {one.subject for one in compared.differences if one.kind in PROCESSES}
    done = []
    for wrong in compared.standing.tickets:
        if wrong.number in named:
            done.append(await processes.set_right(stores, wrong, at))
    for owed in compared.standing.owed:
        done.append(await processes.begin(stores, owed))
    missing = [one for one in compared.differences if one.kind is Kind.SCHEDULE_MISSING]
    if missing:
        await schedules.ensure(stores.client, stores.task_queue)
    done += missing
    done += [one for one in compared.differences if one.kind in (Kind.TECHNICIAN_AWAY, Kind.EVENT_UNHEARD)]
    async with stores.database.begin() as session:
        for technician in {who for _, who in compared.standing.away}:
            capacity.lose(session, technician)
        await inbox.hand_out_again(session, [event.id for event in compared.unheard])
        for one in done:
            await store.record_act(session, at, one, reason)
    return done


PROCESSES = frozenset({Kind.PROCESS_MISSING, Kind.PROCESS_BEHIND, Kind.PROCESS_LEFT})
