"""What the database refuses even when the code is wrong."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import errors

from db import migrate
from tests.support.people import a_client, a_submission, a_technician
from tests.support.postgres import Cluster, Database
from tests.support.tickets import a_number

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Books:
    """A database with one client, one technician and one ticket in review."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.client = a_client(database)
        self.technician = a_technician(database, "internet")
        self.ticket = self.a_ticket("in_review")

    def a_ticket(self, status: str) -> str:
        number = a_number(self.database)
        request = a_submission(self.database, self.client, "request")
        self.database.execute(
            "INSERT INTO tickets (number, client_id, technician_id, skill, status, appointment_start, "
            "appointment_end, ceiling_minutes, tariff_version, request_id, opened_at) "
            "VALUES (%s, %s, %s, 'internet', %s, %s, %s, 60, '2026-01', %s, %s)",
            *(number, self.client, self.technician, status, NOON, NOON + HOUR, request, NOON),
        )
        return number

    def hold(self, start: datetime, end: datetime, role: str = "postgres") -> None:
        with self.database.connect(role, person=self.client, role_="client") as connection:
            connection.execute(
                "INSERT INTO bookings (technician_id, during, state, held_by, skill, hold_expires_at) "
                "VALUES (%s, tstzrange(%s, %s), 'held', %s, 'internet', now())",
                (self.technician, start, end, self.client),
            )

    def invoice(self, number: str, ticket: str | None = None, ttc: int = 1500) -> None:
        self.database.execute(
            "INSERT INTO invoices (number, ticket, client_id, issued_at, minutes, slices, unit_ttc_cents, "
            "vat_bp, total_ht_cents, total_vat_cents, total_ttc_cents) "
            "VALUES (%s, %s, %s, %s, 10, 1, 1500, 2000, 1250, 250, %s)",
            *(number, ticket or self.ticket, self.client, NOON, ttc),
        )

    def gain(self, ticket: str | None = None, *, number: int = 0, act: str = "accept") -> str:
        [(gain,)] = self.database.rows(
            "INSERT INTO gains (ticket, session, number, technician_id, slices, amount_cents, month, "
            "accepted_at, act) VALUES (%s, 1, %s, %s, 1, 800, '2026-11', %s, %s) RETURNING id::text",
            *(ticket or self.ticket, number, self.technician, NOON, act),
        )
        return str(gain)

    def statement(self, key: str, n: int) -> None:
        self.database.execute(
            "INSERT INTO statements (key, technician_id, month, n, sequence, number, total_cents, cut_off, "
            "issued_at) "
            "VALUES (%s, %s, '2026-11', %s, %s, %s, 800, %s, %s)",
            *(key, self.technician, n, n, f"AF0001-{n:05d}", NOON, NOON),
        )

    def claim(self, gain: str, statement: str) -> None:
        self.database.execute("INSERT INTO gain_claims (gain_id, statement) VALUES (%s, %s)", gain, statement)

    def reversal(self, payout: str) -> None:
        self.database.execute("INSERT INTO payouts (key, status) VALUES (%s, 'failed')", payout)
        self.database.execute(
            "INSERT INTO transfer_reversals (reference, payout, transfer, amount_cents, at) "
            "VALUES ('trr_1', %s, 'tr_1', 800, %s)",
            *(payout, NOON),
        )

    def post(self, *cents: int) -> None:
        with self.database.connect() as connection, connection.transaction():
            connection.execute("INSERT INTO ledger_transactions (key, at) VALUES ('k', now())")
            for line, amount in enumerate(cents, start=1):
                connection.execute(
                    "INSERT INTO ledger_lines (transaction, line, account, amount_cents) "
                    "VALUES ('k', %s, '411', %s)",
                    (line, amount),
                )

    def journal(self) -> None:
        self.database.execute(
            "INSERT INTO journal (ticket, key, at, actor_id, actor_role, act, before, after) "
            "VALUES (%s, 'k', now(), 'system', 'system', 'book', 'requested', 'scheduled')",
            self.ticket,
        )

    def access(self) -> None:
        self.database.execute(
            "INSERT INTO accesses (at, person_id, role, kind) VALUES (%s, %s, 'finance', 'ledger')",
            *(NOON, self.client),
        )

    def consent(self) -> None:
        given = a_submission(self.database, self.client, "anydesk_id")
        self.database.execute(
            "INSERT INTO consents VALUES (%s, 1, '2026-11', %s, %s)", self.ticket, given, NOON
        )

    def session_log(self) -> None:
        self.database.execute(
            "INSERT INTO sessions (ticket, number, technician_id, started_at) VALUES (%s, 1, %s, %s)",
            *(self.ticket, self.technician, NOON),
        )
        self.database.execute(
            "INSERT INTO session_logs VALUES (%s, 1, '7001', %s, %s, 3600, %s)",
            *(self.ticket, NOON, NOON + HOUR, NOON + HOUR),
        )

    def document(self, invoice: str, kind: str = "invoice", sha256: str | None = None) -> None:
        ticket = None if kind == "self_billed" else self.ticket
        self.database.execute(
            "INSERT INTO documents (number, kind, ticket, invoice, facts, pdf, xml, sha256, made_at) "
            "VALUES (%s, %s, %s, %s, '{}', 'pdf', 'xml', %s, %s)",
            *(invoice, kind, ticket, invoice, sha256 or hashlib.sha256(b"pdf").hexdigest(), NOON),
        )


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database)


def test_a_technician_is_never_held_twice_for_the_same_minute(books: Books) -> None:
    books.hold(NOON, NOON + HOUR)
    with pytest.raises(errors.ExclusionViolation):
        books.hold(NOON + HOUR - timedelta(seconds=1), NOON + 2 * HOUR)
    books.hold(NOON + HOUR, NOON + 2 * HOUR)


def test_a_ticket_has_one_invoice(books: Books) -> None:
    books.invoice("F2026-000001")
    with pytest.raises(errors.UniqueViolation):
        books.invoice("F2026-000002")


def test_the_amounts_of_an_invoice_add_up(books: Books) -> None:
    with pytest.raises(errors.CheckViolation):
        books.invoice("F2026-000001", ttc=1501)


def test_a_document_is_one_of_its_number_and_its_hash_is_its_own(books: Books) -> None:
    books.invoice("F2026-000001")
    with pytest.raises(errors.CheckViolation, match="ck_documents_sha256"):
        books.document("F2026-000001", sha256=hashlib.sha256(b"another").hexdigest())
    with pytest.raises(errors.CheckViolation, match="ck_documents_subject"):
        books.document("F2026-000001", "self_billed")
    with pytest.raises(errors.ForeignKeyViolation):
        books.document("F2026-000002")
    books.document("F2026-000001")
    with pytest.raises(errors.UniqueViolation):
        books.document("F2026-000001")


def test_a_suspended_ticket_has_neither_invoice_nor_gain(books: Books) -> None:
    suspended = books.a_ticket("suspended")
    with pytest.raises(errors.CheckViolation, match="is suspended"):
        books.invoice("F2026-000001", suspended)
    with pytest.raises(errors.CheckViolation, match="is suspended"):
        books.gain(suspended)


def test_an_invoice_waits_for_a_suspension_that_is_not_committed_yet(books: Books) -> None:
    with books.database.connect() as suspending, suspending.transaction():
        suspending.execute("UPDATE tickets SET status = 'suspended' WHERE number = %s", (books.ticket,))
        with books.database.connect("omea_worker") as invoicing:
            invoicing.execute("SET lock_timeout = '100ms'")
            with pytest.raises(errors.LockNotAvailable):
                invoicing.execute(
                    "INSERT INTO gains (ticket, session, technician_id, slices, amount_cents, month, "
                    "accepted_at, act) VALUES (%s, 1, %s, 1, 800, '2026-11', now(), 'accept')",
                    (books.ticket, books.technician),
                )


def test_a_session_earns_once(books: Books) -> None:
    books.gain()
    with pytest.raises(errors.UniqueViolation):
        books.gain(act="another")


def test_an_act_changes_the_gain_of_a_session_once(books: Books) -> None:
    books.gain()
    with pytest.raises(errors.UniqueViolation):
        books.gain(number=1)


def test_a_gain_is_in_one_payout(books: Books) -> None:
    gain = books.gain()
    books.statement("payout:1", 1)
    books.statement("payout:2", 2)
    books.claim(gain, "payout:1")
    with pytest.raises(errors.UniqueViolation):
        books.claim(gain, "payout:2")


@pytest.mark.parametrize("cents", [(), (100,), (100, -99), (100, -50, -51)])
def test_a_ledger_transaction_that_does_not_balance_is_refused(books: Books, cents: tuple[int, ...]) -> None:
    with pytest.raises(errors.CheckViolation, match="does not balance"):
        books.post(*cents)
    assert books.database.rows("SELECT count(*) FROM ledger_transactions") == [(0,)]


def test_a_line_added_to_a_balanced_transaction_is_refused(books: Books) -> None:
    books.post(100, -100)
    with pytest.raises(errors.CheckViolation, match="does not balance"):
        books.database.execute("INSERT INTO ledger_lines VALUES ('k', 3, '411', 1)")


APPEND_ONLY = (
    *("journal", "ledger_transactions", "ledger_lines", "tariffs", "invoices", "gains"),
    *("gain_claims", "statements", "consents", "session_logs", "documents", "transfer_reversals"),
    *("accesses", "accepted_texts"),
)


@pytest.mark.parametrize("role", ["postgres", "omea_owner", "omea_worker", "omea_api"])
def test_the_past_is_not_changed(books: Books, role: str) -> None:
    books.post(100, -100)
    books.invoice("F2026-000001")
    books.statement("payout:1", 1)
    books.claim(books.gain(), "payout:1")
    books.reversal("payout:1")
    books.journal()
    books.consent()
    books.session_log()
    books.document("F2026-000001")
    books.access()
    for table in APPEND_ONLY:
        before = books.database.rows(f"SELECT * FROM {table}")
        [(column,)] = books.database.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s LIMIT 1", table
        )
        changes = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
        if role in ("postgres", "omea_owner"):
            changes.append(f"TRUNCATE {table} CASCADE")
        for change in changes:
            with (
                books.database.connect(role) as connection,
                pytest.raises((errors.RestrictViolation, errors.InsufficientPrivilege)),
            ):
                connection.execute(change)
        assert books.database.rows(f"SELECT * FROM {table}") == before != []


@pytest.mark.parametrize(
    ("before", "after"), [("suspended", "unpaid"), ("closed", "scheduled"), ("in_review", "scheduled")]
)
def test_an_unknown_change_of_status_is_refused(books: Books, before: str, after: str) -> None:
    ticket = books.ticket if before == "in_review" else books.a_ticket("suspended")
    if before == "closed":
        ticket = books.a_ticket("invoiced")
        books.database.execute(
            "UPDATE tickets SET status = 'closed', outcome = 'paid' WHERE number = %s", ticket
        )
    with pytest.raises(errors.CheckViolation):
        books.database.execute("UPDATE tickets SET status = %s WHERE number = %s", after, ticket)


def test_a_status_that_does_not_exist_is_refused(books: Books) -> None:
    with pytest.raises(errors.CheckViolation):
        books.a_ticket("forgotten")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tickets SET wrong_codes = 9",
        "INSERT INTO ledger_transactions (key, at) VALUES ('x', now())",
        "UPDATE payouts SET status = 'paid'",
        "UPDATE people SET role = 'finance'",
        "INSERT INTO gains DEFAULT VALUES",
        "DELETE FROM requests",
    ],
)
def test_the_api_cannot_write_the_process(books: Books, statement: str) -> None:
    with (
        books.database.connect("omea_api") as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_the_api_writes_holds_and_no_bookings(books: Books) -> None:
    books.hold(NOON, NOON + HOUR, "omea_api")
    book: list[Any] = [
        "UPDATE bookings SET state = 'booked', hold_expires_at = NULL, ticket = %s, session = 1"
    ]
    with (
        books.database.connect("omea_api", role_="back_office") as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(book[0], (books.ticket,))
    books.database.execute(book[0], books.ticket)
    with books.database.connect("omea_api", role_="back_office") as connection:
        assert connection.execute("DELETE FROM bookings").rowcount == 0
        assert connection.execute("UPDATE bookings SET during = 'empty'").rowcount == 0


def test_neither_the_worker_nor_the_api_makes_temporary_tables(cluster: Cluster) -> None:
    """A copied database does not keep this, so it is asked of a migrated one."""
    migrated = cluster.empty_database()
    migrate.upgrade(migrated.url("omea_owner"))
    for role in ("omea_worker", "omea_api"):
        with migrated.connect(role) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute("CREATE TEMPORARY TABLE tickets (number text, status text)")


def test_the_worker_cannot_shadow_what_a_check_reads(books: Books) -> None:
    """Even if it could make temporary tables."""
    suspended = books.a_ticket("suspended")
    books.database.execute(f"GRANT TEMPORARY ON DATABASE {books.database.name} TO omea_worker")
    with books.database.connect("omea_worker") as worker:
        worker.execute("CREATE TEMPORARY TABLE tickets (number text, status text)")
        worker.execute("GRANT ALL ON pg_temp.tickets TO PUBLIC")
        worker.execute("INSERT INTO pg_temp.tickets VALUES (%s, 'in_review')", (suspended,))
        worker.execute("CREATE TEMPORARY TABLE status_changes (before text, after text)")
        worker.execute("INSERT INTO pg_temp.status_changes VALUES ('in_review', 'scheduled')")
        with pytest.raises(errors.CheckViolation, match="is suspended"):
            worker.execute(
                "INSERT INTO gains (ticket, session, technician_id, slices, amount_cents, month, "
                "accepted_at, act) VALUES (%s, 1, %s, 1, 800, '2026-11', now(), 'accept')",
                (suspended, books.technician),
            )
        with pytest.raises(errors.CheckViolation, match="no change of status"):
            worker.execute(
                "UPDATE public.tickets SET status = 'scheduled' WHERE number = %s",
                (books.ticket,),
            )


def test_every_function_of_ours_names_what_it_sees(database: Database) -> None:
    functions = database.rows(
        "SELECT p.proname, p.proconfig FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang "
        "WHERE p.pronamespace = 'public'::regnamespace AND l.lanname = 'plpgsql'"
    )
    assert functions
    assert {path for _, paths in functions for path in paths or ["none"]} == {
        "search_path=pg_catalog, public, pg_temp"
    }


@pytest.mark.parametrize("table", ["reports", "reviews", "disputes", "payment_attempts"])
def test_the_worker_adds_to_what_people_said_and_changes_nothing_of_it(books: Books, table: str) -> None:
    granted = books.database.rows(
        "SELECT privilege_type FROM information_schema.table_privileges "
        "WHERE grantee = 'omea_worker' AND table_name = %s ORDER BY 1",
        table,
    )
    assert granted == [("INSERT",), ("SELECT",)]


def test_a_contest_is_one_for_a_statement_and_answered_once(books: Books) -> None:
    books.statement("s1", 1)
    asked, again, answer = (a_submission(books.database, books.technician, "contest") for _ in range(3))
    contest = "INSERT INTO statement_contests (statement, submission_id, asked_at) VALUES (%s, %s, %s)"
    with books.database.connect("omea_api") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(contest, ("AF0001-00001", asked, NOON))
    with books.database.connect("omea_worker") as worker:
        worker.execute(contest, ("AF0001-00001", asked, NOON))
        with pytest.raises(errors.UniqueViolation):
            worker.execute(contest, ("AF0001-00001", again, NOON))
    answered = (
        "UPDATE statement_contests SET answer_id = %s, answered_by = %s, answered_at = %s, outcome = %s"
    )
    with books.database.connect("omea_worker") as worker:
        for outcome in ("corrected", None):
            with pytest.raises(errors.CheckViolation):
                worker.execute(answered, (answer, books.client, NOON, outcome))
        for change in ("UPDATE statement_contests SET asked_at = now()", "DELETE FROM statement_contests"):
            with pytest.raises(errors.InsufficientPrivilege):
                worker.execute(change)
        worker.execute(answered, (answer, books.client, NOON, "maintained"))
        with pytest.raises(errors.RestrictViolation):
            worker.execute(answered, (again, books.client, NOON, "maintained"))
    for change in ("DELETE FROM statement_contests", "TRUNCATE statement_contests"):
        with pytest.raises(errors.RestrictViolation):
            books.database.execute(change)
