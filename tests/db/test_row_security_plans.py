"""What is large is found by index with the policies too: a policy that no index serves would read it all."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from db.askers import Asker, Purpose, asked_sessions
from db.engine import create_engine
from db.reads.busy import busy
from db.reads.gains import gains_of
from db.reads.people import KnownPerson
from db.reads.ticket_file import ticket_file
from db.reads.tickets import find_ticket, newest_tickets
from domain.tickets import Role
from tests.support.postgres import Cluster, Database

START = datetime(2026, 6, 1, tzinfo=UTC)
CLIENT = "00000000-0000-0000-0001-000000000007"
TECHNICIAN = "00000000-0000-0000-0002-000000000007"
# Those that grow with every ticket.
LARGE = ("people", "tickets", "bookings", "sessions", "submissions", "journal", "gains", "invoices")
PERSON = "('00000000-0000-0000-000{kind}-' || lpad(({number})::text, 12, '0'))::uuid"


def person(kind: int, number: str) -> str:
    return PERSON.format(kind=kind, number=number)


MANY = f"""
SET session_replication_role = replica;
INSERT INTO people (id, role, name, mail)
    SELECT {person(1, "n")}, 'client', 'c' || n, 'c' || n || '@example.fr' FROM generate_series(1, 20000) n;
INSERT INTO people (id, role, name, mail)
    SELECT {person(2, "n")}, 'technician', 't' || n, 't' || n || '@example.fr' FROM generate_series(1, 40) n;
INSERT INTO technicians (id, vetted_at) SELECT id, now() FROM people WHERE role = 'technician';
INSERT INTO payees (technician_id) SELECT id FROM technicians;
INSERT INTO technician_skills (technician_id, skill) SELECT id, 'internet' FROM technicians;
INSERT INTO submissions (id, author_id, kind, body)
    SELECT {person(3, "n")}, {person(1, "1 + n % 1500")}, 'request', '{{}}' FROM generate_series(1, 3000) n;
INSERT INTO tickets (number, client_id, technician_id, skill, status, appointment_start, appointment_end,
    ceiling_minutes, tariff_version, request_id, opened_at)
    SELECT lpad(n::text, 8, '0'), {person(1, "1 + n % 1500")}, {person(2, "1 + n % 40")}, 'internet',
        'scheduled', timestamptz '2026-01-01' + n * interval '1 hour',
        timestamptz '2026-01-01 01:00' + n * interval '1 hour', 60, '2026-01', {person(3, "n")},
        timestamptz '2026-01-01' + n * interval '1 hour' FROM generate_series(1, 3000) n;
INSERT INTO bookings (technician_id, during, state, skill, ticket, session)
    SELECT technician_id, tstzrange(appointment_start, appointment_end), 'booked', skill, number, 1
    FROM tickets;
INSERT INTO sessions (ticket, number, technician_id, started_at)
    SELECT number, 1, technician_id, appointment_start FROM tickets;
INSERT INTO gains (ticket, session, technician_id, slices, amount_cents, month, accepted_at, act)
    SELECT number, 1, technician_id, 2, 1600, to_char(opened_at, 'YYYY-MM'), opened_at, 'accept' FROM tickets;
INSERT INTO journal (ticket, key, at, actor_id, actor_role, act, before, after)
    SELECT number, 'k' || k, opened_at, client_id::text, 'client', 'open', 'to_assign', 'scheduled'
    FROM tickets, generate_series(1, 2) k;
INSERT INTO invoices (number, ticket, client_id, issued_at, minutes, slices, unit_ttc_cents, vat_bp,
    total_ht_cents, total_vat_cents, total_ttc_cents)
    SELECT 'F' || number, number, client_id, opened_at, 25, 2, 1500, 2000, 2500, 500, 3000 FROM tickets;
"""


@pytest.fixture(scope="module")
def full(cluster: Cluster) -> Iterator[Database]:
    with cluster.new_database() as database:
        with database.connect() as connection:
            connection.execute(MANY.encode())
            connection.execute("ANALYZE")
        yield database


@pytest.fixture
async def engine(full: Database) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(full.url("omea_api"), pool_size=1)
    yield engine
    await engine.dispose()


async def a_ticket(session: AsyncSession, who: KnownPerson) -> None:
    row = await find_ticket(session, "00000006", who)
    assert row is not None
    assert (row.client_name, row.technician_name) == ("c7", "t7")
    await ticket_file(session, row.ticket)


async def a_list(session: AsyncSession, who: KnownPerson) -> None:
    assert await newest_tickets(session, who, after=None, limit=20)


async def gains(session: AsyncSession, who: KnownPerson) -> None:
    assert await gains_of(session, who.id, "2026-03")


async def agendas(session: AsyncSession, who: KnownPerson) -> None:
    found = await busy(session, "internet", START, START + timedelta(hours=2), START, who.id)
    assert len(found) == 40


@pytest.mark.parametrize(
    ("who", "role", "read"),
    [
        (CLIENT, Role.CLIENT, a_list),
        (CLIENT, Role.CLIENT, a_ticket),
        (CLIENT, Role.CLIENT, agendas),
        (TECHNICIAN, Role.TECHNICIAN, a_list),
        (TECHNICIAN, Role.TECHNICIAN, a_ticket),
        (TECHNICIAN, Role.TECHNICIAN, gains),
        (TECHNICIAN, Role.BACK_OFFICE, a_ticket),
        (TECHNICIAN, Role.FINANCE, a_ticket),
    ],
)
async def test_nothing_large_is_read_whole(
    engine: AsyncEngine, who: str, role: Role, read: Callable[[AsyncSession, KnownPerson], Awaitable[None]]
) -> None:
    sessions = asked_sessions(engine, Asker(who, role.value), Purpose.AGENDAS if read is agendas else None)
    said: list[tuple[str, Any]] = []

    def saw(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if "set_config" not in statement:
            said.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", saw)
    async with sessions() as session:
        await read(session, KnownPerson(who, role, "", ""))
    event.remove(engine.sync_engine, "before_cursor_execute", saw)
    assert said
    whole = []
    async with sessions() as session:
        connection = await session.connection()
        for statement, parameters in said:
            plan = await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
            whole += [line for (line,) in plan for table in LARGE if f"Seq Scan on {table} " in line]
    assert whole == []
