"""Fifty issue at once and many roll back: the numbers that stay have no gap and no repeat."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Sessions, create_engine, sessions
from db.stores.money.acceptance import accept, resettle
from domain.billing_steps import Accept, Resettle
from domain.messages import Actor
from domain.rulings import Bill, EarnedGain
from domain.tariff import Tariff
from domain.ticket_steps import Act
from domain.tickets import Role
from tests.api.rows import a_ticket
from tests.support.people import a_client, a_technician
from tests.support.postgres import Database

MANY = 50
TARIFF = Tariff("2026-01", 15, 1, 2, 1500, 2000, 800)
SYSTEM = Actor("system", Role.SYSTEM)
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
# In Paris it is already the new year, an hour before it is in UTC.
MIDNIGHT = datetime(2026, 12, 31, 23, tzinfo=UTC)

Step = Callable[[AsyncSession], Awaitable[object]]


class RolledBack(Exception):
    """The worker dies before its commit."""


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[Sessions]:
    engine = create_engine(database.url("omea_worker"), pool_size=MANY)
    yield sessions(engine)
    await engine.dispose()


async def attempt(worker: Sessions, step: Step, deaths: int, *, given_up: bool) -> None:
    """Die so many times after the work and before the commit, then succeed unless it is given up."""
    while True:
        try:
            async with worker.begin() as session:
                await step(session)
                await session.flush()
                # The others come between.
                await asyncio.sleep(0)
                if deaths > 0 or given_up:
                    raise RolledBack
                return
        except RolledBack:
            deaths -= 1
            if deaths < 0:
                return
        except OperationalError:
            # It waited too long for the counter, as a slow machine's do: it is tried again like any step.
            await asyncio.sleep(0.1)


async def all_at_once(worker: Sessions, steps: list[Step], seed: int) -> int:
    """How many were to be committed in the end. The seed decides which are not."""
    chance = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    fates = [(chance.choice((0, 0, 1, 2)), chance.random() < 0.3) for _ in steps]
    await asyncio.gather(
        *(
            attempt(worker, step, deaths, given_up=given_up)
            for step, (deaths, given_up) in zip(steps, fates, strict=True)
        )
    )
    return sum(not given_up for _, given_up in fates)


def accepting(ticket: str, technician: str, at: datetime) -> Step:
    message = Accept(Act(ticket, "accept", at, SYSTEM), TARIFF, Bill(25, 2), (EarnedGain(1, technician, 2),))
    return lambda session: accept(session, message)


def waiving(ticket: str, at: datetime) -> Step:
    message = Resettle(Act(ticket, "ruling", at, SYSTEM), "ruling", TARIFF, None, ())
    return lambda session: resettle(session, message)


def numbers(database: Database, table: str) -> list[str]:
    return [number for (number,) in database.rows(f"SELECT number FROM {table} ORDER BY number")]


def series(letter: str, year: int, length: int) -> list[str]:
    return [f"{letter}{year}-{number:06d}" for number in range(1, length + 1)]


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.soak) for n in range(2, 10))])
async def test_fifty_invoices_at_once_with_rollbacks_are_numbered_without_gap_or_repeat(
    database: Database, worker: Sessions, seed: int
) -> None:
    client, technician = a_client(database), a_technician(database)
    tickets = [a_ticket(database, client, technician, status="in_review") for _ in range(MANY)]
    steps = [accepting(ticket, technician, NOON) for ticket in tickets]
    kept = await all_at_once(worker, steps, seed)
    assert 0 < kept < MANY
    assert numbers(database, "invoices") == series("F", 2026, kept)
    assert database.rows("SELECT count(*) FROM gains") == [(kept,)]
    # The rest of them, and those that were committed once more: nothing is issued twice.
    await asyncio.gather(*(attempt(worker, step, 0, given_up=False) for step in steps))
    assert numbers(database, "invoices") == series("F", 2026, MANY)
    assert database.rows("SELECT count(*), sum(amount_cents)::bigint FROM ledger_lines") == [(5 * MANY, 0)]


async def test_fifty_credit_notes_at_once_have_a_series_of_their_own(
    database: Database, worker: Sessions
) -> None:
    client, technician = a_client(database), a_technician(database)
    tickets = [a_ticket(database, client, technician, status="in_review") for _ in range(MANY)]
    for ticket in tickets:
        await attempt(worker, accepting(ticket, technician, NOON), 0, given_up=False)
    later = NOON + timedelta(days=1)
    database.execute("UPDATE tickets SET status = 'suspended'")
    kept = await all_at_once(worker, [waiving(ticket, later) for ticket in tickets], 3)
    assert 0 < kept < MANY
    assert numbers(database, "credit_notes") == series("A", 2026, kept)
    assert numbers(database, "invoices") == series("F", 2026, MANY)


async def test_the_series_begins_anew_with_the_year_in_paris(database: Database, worker: Sessions) -> None:
    client, technician = a_client(database), a_technician(database)
    moments = [MIDNIGHT - timedelta(microseconds=1), MIDNIGHT] * (MANY // 2)
    tickets = [a_ticket(database, client, technician, status="in_review") for _ in moments]
    steps = [accepting(ticket, technician, at) for ticket, at in zip(tickets, moments, strict=True)]
    kept = await all_at_once(worker, steps, 4)
    counts = dict(
        database.rows(
            "SELECT extract(year FROM issued_at AT TIME ZONE 'Europe/Paris')::int, count(*)::int "
            "FROM invoices GROUP BY 1"
        )
    )
    assert sorted(counts) == [2026, 2027]
    assert sum(counts.values()) == kept
    issued = series("F", 2026, counts[2026]) + series("F", 2027, counts[2027])
    assert numbers(database, "invoices") == issued
    database.execute("UPDATE tickets SET status = 'suspended' WHERE status = 'invoiced'")
    waived = [
        waiving(ticket, at)
        for (ticket,), at in zip(
            database.rows("SELECT ticket FROM invoices ORDER BY number"), moments, strict=False
        )
    ]
    await asyncio.gather(*(attempt(worker, step, 1, given_up=False) for step in waived))
    before = sum(at < MIDNIGHT for at in moments[:kept])
    credited = series("A", 2026, before) + series("A", 2027, kept - before)
    assert numbers(database, "credit_notes") == credited
