"""Books in order: tickets invoiced, credited, paid and paid out by the worker's own steps, and the provider's
entries for all of it. And a hand that spoils them, past everything that the database refuses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from db.engine import Sessions, create_engine, sessions
from db.reads.invariants.looking import look
from db.stores import provider
from db.stores.money import acceptance, payments
from db.stores.payouts import claims, reversals, transfers
from db.stores.provider import NewEntry
from db.stores.tickets import disputes
from domain.billing_steps import Accept, ChargeInvoice, CheckPayment, Resettle
from domain.invariants import COLUMNS, VALUES, Invariant, Patience, Row
from domain.messages import Actor
from domain.payout_steps import Claim, PayoutToSend, RecordTransfer, TechnicianOrder
from domain.reversals import LookAtTransfers, Reversal, SentTransfer
from domain.rulings import Bill, EarnedGain, RulingKind
from domain.tariff import Tariff
from domain.ticket_steps import Act, Rule, Suspend
from domain.tickets import Role
from tests.support.people import a_client, a_person, a_submission, a_technician
from tests.support.postgres import Database
from tests.support.tickets import a_number

KEYS = count(1)
HOUR = timedelta(hours=1)
TARIFF = Tariff("2026-01", 15, 1, 2, 1500, 2000, 800)


class Books:
    """Each act is an hour after the one before it, and all are in the past."""

    def __init__(self, database: Database, worker: Sessions) -> None:
        self.database = database
        self.worker = worker
        self.client = a_client(database)
        self.technician = a_technician(database, account="acct_1")
        self.back_office = a_person(database, "back_office")
        self.now = datetime.now(UTC) - timedelta(days=3)

    def _act(self, ticket: str) -> Act:
        self.now += HOUR
        return Act(ticket, f"key-{next(KEYS)}", self.now, Actor("system", Role.SYSTEM))

    def a_ticket(self) -> str:
        """In review, after one session."""
        number = a_number(self.database)
        request = a_submission(self.database, self.client, "request")
        start = self.now - HOUR
        self.database.execute(
            "INSERT INTO tickets (number, client_id, technician_id, skill, status, appointment_start, "
            "appointment_end, ceiling_minutes, tariff_version, request_id, opened_at) "
            "VALUES (%s, %s, %s, 'internet', 'in_review', %s, %s, 60, '2026-01', %s, %s)",
            *(number, self.client, self.technician, start, start + HOUR, request, start),
        )
        self.database.execute(
            "INSERT INTO sessions (ticket, number, technician_id, started_at, ended_at, ended_by) "
            "VALUES (%s, 1, %s, %s, %s, 'technician')",
            *(number, self.technician, start, start + HOUR / 2),
        )
        return number

    async def invoiced(self, slices: int = 2) -> tuple[str, str]:
        """A ticket accepted, and its invoice, of 15 euros a slice."""
        ticket = self.a_ticket()
        gain = EarnedGain(1, self.technician, slices)
        message = Accept(self._act(ticket), TARIFF, Bill(slices * 15, slices), (gain,))
        async with self.worker.begin() as session:
            accepted = await acceptance.accept(session, message)
        return ticket, accepted.invoice

    async def suspended(self, ticket: str) -> None:
        written = a_submission(self.database, self.client, "dispute")
        async with self.worker.begin() as session:
            await disputes.suspend(session, Suspend(self._act(ticket), written, 1))

    async def reduced_to(self, ticket: str, slices: int) -> None:
        """A suspended ticket's invoice: the rest is credited, and the technician earns as much less."""
        act = self._act(ticket)
        written = a_submission(self.database, self.back_office, "ruling")
        by_the_team = Act(act.ticket, act.key, act.at, Actor(self.back_office, Role.BACK_OFFICE))
        rule = Rule(by_the_team, RulingKind.REDUCE, written, slices * 15, ())
        message = Resettle(act, "ruling", TARIFF, Bill(slices * 15, slices), (), None, rule)
        async with self.worker.begin() as session:
            await acceptance.resettle(session, message)

    async def paid(self, ticket: str, invoice: str, cents: int, fee: int = 70) -> None:
        async with self.worker.begin() as session:
            assert await payments.record_intent(session, self._act(ticket), invoice, f"pi_{invoice}")
        act = self._act(ticket)
        async with self.worker.begin() as session:
            await payments.record_attempt(session, ChargeInvoice(act, invoice, 1), None)
        await self.entry("charge", cents, fee, object=f"ch_{invoice}", invoice=invoice)
        received = payments.Received(cents, fee, cents)
        async with self.worker.begin() as session:
            await payments.record_collected(session, CheckPayment(self._act(ticket), invoice), received)

    async def paid_out(self) -> str:
        """All that the technician may claim, on a statement and transferred. Answers its key."""
        self.now += HOUR
        order = TechnicianOrder("2026-11", self.technician, self.now)
        async with self.worker.begin() as session:
            [payout] = (await claims.claim(session, Claim(order, self.now))).payouts
        await self.sent(payout)
        return payout.key

    async def sent(self, payout: PayoutToSend) -> None:
        transfer = f"tr_{payout.key}"[:60]
        async with self.worker.begin() as session:
            await transfers.record_transfer(session, RecordTransfer(payout, transfer, self.now))
        await self.entry("transfer", -payout.amount_cents, object=transfer, payout=payout.key)

    async def reversed(self, payout: str, transfer: str, cents: int) -> None:
        """Taken back of a payout's transfer by somebody at the provider's, and noticed."""
        self.now += HOUR
        reversal = f"trr_{next(KEYS)}"
        message = LookAtTransfers(payout, self.now)
        seen = SentTransfer(transfer, 1600, (Reversal(reversal, cents),))
        async with self.worker.begin() as session:
            await reversals.record_seen(session, message, [seen])
        await self.entry("transfer_refund", cents, object=reversal, transfer=transfer)
        self.read()

    async def entry(self, kind: str, amount: int, fee: int = 0, **subject: str) -> str:
        self.now += HOUR
        name = f"txn_{next(KEYS)}"
        async with self.worker.begin() as session:
            one = NewEntry(name, kind, amount, fee, amount - fee, subject, self.now)
            assert await provider.keep_entries(session, [one]) == 1
        return name

    def read(self) -> None:
        """The reading that came after all this: the balance is what its entries come to."""
        self.database.execute(
            "UPDATE provider_readings SET read_at = now() + interval '10 minutes', "
            "balance_cents = (SELECT coalesce(sum(net_cents), 0) FROM provider_entries)"
        )

    def spoil(self, statement: str, *values: Any) -> None:
        """What nobody can do: no trigger and no reference is looked at."""
        with self.database.connect() as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement, values)

    def post(self, key: str, *lines: tuple[str, int]) -> None:
        self.spoil("INSERT INTO ledger_transactions (key, at) VALUES (%s, now())", key)
        for number, (account, cents) in enumerate(lines, start=1):
            self.spoil("INSERT INTO ledger_lines VALUES (%s, %s, %s, %s)", key, number, account, cents)

    def running(self) -> dict[str, datetime]:
        """As Temporal says it when all is well."""
        rows = self.database.rows("SELECT number, opened_at FROM tickets WHERE status <> 'closed'")
        return dict(rows)

    async def violations(
        self,
        running: dict[str, datetime] | None = None,
        patience: Patience | None = None,
        at: datetime | None = None,
    ) -> dict[Invariant, list[Row]]:
        """What is not true, and the rows that it is not true of."""
        async with self.worker() as session:
            found = await look(
                session,
                at or datetime.now(UTC),
                self.running() if running is None else running,
                patience or Patience(),
            )
        assert [one.name for one in found] == list(Invariant)
        assert all(one.total == len(one.rows) for one in found)
        for row in (row for one in found for row in one.rows):
            # All of it can be told in French.
            assert row.keys() <= COLUMNS.keys()
            assert {row[word] for word in ("fault", "sort", "reading") if word in row} <= VALUES.keys()
        return {one.name: list(one.rows) for one in found if not one.ok}


@asynccontextmanager
async def open_books(database: Database) -> AsyncIterator[Books]:
    """With one ticket of each sort: paid and paid out, unpaid, reduced and paid, suspended with its invoice.
    What the first paid went to our bank."""
    engine = create_engine(database.url("omea_worker"))
    books = Books(database, sessions(engine))
    ticket, invoice = await books.invoiced()
    await books.paid(ticket, invoice, 3000)
    await books.paid_out()
    await books.entry("payout", -500, 10, object="po_1")
    await books.entry("stripe_fee", -200)
    await books.invoiced()
    ticket, invoice = await books.invoiced(3)
    await books.suspended(ticket)
    await books.reduced_to(ticket, 1)
    await books.paid(ticket, invoice, 1500)
    ticket, _ = await books.invoiced(1)
    await books.suspended(ticket)
    books.read()
    yield books
    await engine.dispose()
