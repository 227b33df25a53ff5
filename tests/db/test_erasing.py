"""What is erased of a technician, what is kept in the archive, and who may do what."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from psycopg import errors
from sqlalchemy.exc import IntegrityError

from db.engine import Sessions, create_engine, sessions
from db.reads.documents import not_made
from db.reads.erasures import outstanding
from db.stores import erasures
from deploy import archive
from domain.erasures import (
    REFLECTION,
    AskedBy,
    Awaited,
    Erase,
    ErasureMail,
    ErasureRequest,
    Outstanding,
    WithdrawErasure,
)
from domain.errors import Refusal, Refused
from domain.messages import Actor
from domain.tickets import Role
from tests.api import rows
from tests.support.people import a_client, a_person, a_submission, a_technician
from tests.support.postgres import Database
from tests.support.traces import books, tables_with

ASKED = datetime(2026, 11, 2, 9, tzinfo=UTC)
DUE = ASKED + REFLECTION
PAID = ASKED - timedelta(days=1)
# After the January in which what they were paid in November is declared.
DECLARED = datetime(2027, 2, 1, 12, tzinfo=UTC)
NAME, IBAN, STREET, TAX = "Gwendal Kerbrat", "FR1420041010050500013M02606", "9 rue Paimpol", "1234567890123"
REPORT, COMMENT, REASON = "Câble remplacé.", "Gwendal a été patient", "Gwendal a raison"
FILE, MESSAGE = f"<pain {IBAN}/>".encode(), b"<camt PAY-KERBRAT-1/>"
PDF = b"%PDF-1.7 Gwendal Kerbrat"
APPLIED, SUBJECT = "Vingt ans de dépannage à Paimpol", "gwendal-at-the-issuer"
MAIL, ACCOUNT = "kerbrat@example.fr", "acct_kerbrat"
PERSONAL = (NAME, IBAN, STREET, TAX, REPORT, COMMENT, REASON, APPLIED, SUBJECT, MAIL, ACCOUNT)


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[Sessions]:
    engine = create_engine(database.url("omea_worker"))
    yield sessions(engine)
    await engine.dispose()


@dataclass
class Left:
    database: Database
    technician: str
    ticket: str
    key: str = "f" * 40

    @property
    def actor(self) -> Actor:
        return Actor(self.technician, Role.TECHNICIAN)

    @property
    def request(self) -> ErasureRequest:
        return ErasureRequest(self.technician, self.key, self.actor, ASKED, AskedBy.PERSON)


@pytest.fixture
def left(database: Database) -> Left:
    """A technician who was paid by our bank, with everything that there may be of one."""
    client = a_client(database)
    technician = a_technician(database, "internet", name=NAME, account="acct_kerbrat")
    finance = a_person(database, "finance")
    ticket = rows.a_ticket(database, client, technician, status="closed")
    rows.a_session(database, ticket, technician, ASKED - timedelta(days=9), ASKED - timedelta(days=9))
    written = {
        "report": a_submission(database, technician, "report", text=REPORT),
        "review": a_submission(database, client, "review", comment=COMMENT),
    }
    rows.insert(
        database,
        "reports",
        ticket=ticket,
        session=1,
        submission_id=written["report"],
        declared_minutes=20,
        measured_minutes=20,
        billed_slices=2,
        credible=True,
        filed_at=ASKED,
    )
    rows.insert(
        database,
        "reviews",
        ticket=ticket,
        number=1,
        stars=5,
        submission_id=written["review"],
        given_at=ASKED,
    )
    gain = rows.a_gain(database, ticket, technician, ASKED - timedelta(days=9))
    pay(database, technician, gain, finance)
    database.execute("UPDATE people SET mail = 'kerbrat@example.fr' WHERE id = %s", technician)
    database.execute(
        "UPDATE payees SET legal_name = %s, street = %s, iban = %s, tax_number = %s, "
        "account_missing = %s WHERE technician_id = %s",
        *(NAME, STREET, IBAN, TAX, NAME, technician),
    )
    database.execute(
        "INSERT INTO leaves (technician_id, during, recorded_by) VALUES (%s, '[2026-12-01,2026-12-09)', %s)",
        *(technician, technician),
    )
    database.execute("INSERT INTO working_hours VALUES (%s, 1, '09:00', '12:00')", technician)
    rows.insert(
        database,
        "report_drafts",
        ticket=ticket,
        technician_id=technician,
        text=REPORT,
        saved_at=ASKED,
    )
    came_in(database, technician)
    return Left(database, technician, ticket)


def came_in(database: Database, technician: str) -> None:
    """How they applied, twice, and signed up by mistake; and who they are at an issuer."""
    for accepted in (None, technician):
        database.execute(
            "INSERT INTO applications (name, mail, skills, text, privacy, mail_mark, network_mark, asked_at, "
            "technician_id, decided_by, decided_at) "
            "VALUES (%s, 'Kerbrat@example.fr', '{}', %s, '', '', '', %s, %s, %s, %s)",
            *(NAME, APPLIED, ASKED, accepted, accepted, accepted and ASKED),
        )
    database.execute(
        "INSERT INTO sign_ups (name, mail, terms, privacy, mail_mark, network_mark, browser_hash, asked_at) "
        "VALUES (%s, 'kerbrat@example.fr', '', '', '', '', '', %s)",
        *(NAME, ASKED),
    )
    rows.insert(
        database,
        "identities",
        person_id=technician,
        issuer="https://issuer.example",
        subject=SUBJECT,
        linked_at=ASKED,
    )


def pay(database: Database, technician: str, gain: str, finance: str, at: datetime = PAID) -> None:
    """A statement with its document, ordered, in a file, settled by a message."""
    key = f"payout:2026-10:{technician}:1"
    rows.insert(
        database,
        "statements",
        key=key,
        technician_id=technician,
        month="2026-10",
        n=1,
        sequence=1,
        number="AF0007-00001",
        total_cents=1600,
        cut_off=at,
        issued_at=at,
    )
    rows.insert(database, "gain_claims", gain_id=gain, statement=key)
    rows.insert(
        database, "payouts", key=key, status="paid", rail="sepa", transfer="PAY-KERBRAT-1", paid_at=at
    )
    reason = a_submission(database, finance, "payout_reason", reason=f"{REASON}, c’est {NAME}")
    rows.insert(
        database,
        "payout_runs",
        key="run",
        month="2026-10",
        n=1,
        cut_off=at,
        reason_id=reason,
        actor_id=finance,
        started_at=at,
    )
    rows.insert(
        database,
        "transfer_files",
        message_id="OMEA-2026-10-1",
        month="2026-10",
        n=1,
        run="run",
        created_at=at,
        execution_date=at.date(),
        debtor_name="OmeaSupport",
        debtor_iban="FR76",
        total_cents=1600,
        xml=FILE,
        sha256=hashlib.sha256(FILE).hexdigest(),
    )
    rows.insert(
        database,
        "bank_orders",
        reference="PAY-KERBRAT-1",
        payout=key,
        attempt=1,
        name=NAME,
        iban=IBAN,
        amount_cents=1600,
        file="OMEA-2026-10-1",
        state="settled",
        ordered_at=at,
        closed_at=at,
    )
    for xml in (MESSAGE, b"<camt of somebody else/>"):
        rows.insert(
            database,
            "bank_messages",
            sha256=hashlib.sha256(xml).hexdigest(),
            xml=xml,
            received_at=at,
            applied_at=at,
            outcome={},
        )
    rows.insert(
        database,
        "documents",
        number="AF0007-00001",
        kind="self_billed",
        facts={"seller": NAME},
        pdf=PDF,
        xml=b"<x/>",
        sha256=hashlib.sha256(PDF).hexdigest(),
        made_at=at,
    )


async def open_erasure(worker: Sessions, left: Left) -> None:
    async with worker.begin() as session:
        assert await erasures.open_erasure(session, left.request) == left.key


async def erased(worker: Sessions, left: Left, at: datetime = DECLARED) -> tuple[Outstanding, ...]:
    async with worker.begin() as session:
        return await erasures.erase(session, Erase(left.key, at))


async def test_nothing_of_a_technician_is_left_outside_the_archive(worker: Sessions, left: Left) -> None:
    database = left.database
    assert all(tables_with(database, PERSONAL).values()), "a trace that the test could not find"
    before = books(database)
    await open_erasure(worker, left)
    assert await erased(worker, left, DUE) == (Outstanding(Awaited.DECLARATION, "2026"),)
    # Every step again, as after a crash: it changes nothing.
    for _ in range(2):
        await open_erasure(worker, left)
        assert await erased(worker, left) == ()
        async with worker.begin() as session:
            told = await erasures.to_tell(session, left.key, ErasureMail.CERTIFICATE)
            assert told is not None
            assert (told.name, told.mail) == ("", "kerbrat@example.fr")
            assert (told.kept_records, told.kept_until) == (5, date(2036, 12, 31))
    async with worker.begin() as session:
        await erasures.forget_address(session, left.key)

    assert tables_with(database, PERSONAL) == {value: set() for value in PERSONAL}
    assert books(database) == before
    archived = database.rows("SELECT kind, facts::text, pdf, xml FROM archived_records ORDER BY kind")
    assert [kind for kind, *_ in archived] == [
        "bank_message",
        "bank_order",
        "document",
        "payee",
        "transfer_file",
    ]
    kept = {kind: (facts, pdf, xml) for kind, facts, pdf, xml in archived}
    assert kept["document"][1:] == (PDF, b"<x/>")
    assert (kept["transfer_file"][2], kept["bank_message"][2]) == (FILE, MESSAGE)
    assert STREET in kept["payee"][0]
    assert IBAN in kept["bank_order"][0]
    # Others' stay where they were, and nothing is made again.
    assert database.rows("SELECT count(*) FROM bank_messages WHERE xml IS NOT NULL") == [(1,)]
    assert database.rows("SELECT body ->> 'description' IS NULL FROM submissions WHERE kind = 'request'") == [
        (False,)
    ]
    async with worker.begin() as session:
        assert await not_made(session) == []
    assert database.rows("SELECT name, mail, active FROM people WHERE id = %s", left.technician) == [
        ("Personne effacée", f"erased:{left.technician}", False)
    ]


async def test_what_is_not_settled_is_named(worker: Sessions, left: Left) -> None:
    database = left.database
    open_ticket = rows.a_ticket(database, a_client(database), left.technician)
    rows.a_gain(database, open_ticket, left.technician, ASKED)
    database.execute("UPDATE payouts SET status = 'failed'")
    text = a_submission(database, left.technician, "contest", text="…")
    rows.insert(database, "statement_contests", statement="AF0007-00001", submission_id=text, asked_at=ASKED)
    async with worker.begin() as session:
        assert set(await outstanding(session, left.technician, DECLARED)) == {
            Outstanding(Awaited.TICKET, open_ticket),
            Outstanding(Awaited.GAINS),
            Outstanding(Awaited.PAYOUT, "AF0007-00001"),
            Outstanding(Awaited.CONTEST, "AF0007-00001"),
        }
        [(client,)] = database.rows("SELECT client_id::text FROM tickets WHERE number = %s", left.ticket)
        assert await outstanding(session, client, DECLARED) == ()
    rows.an_invoice(database, left.ticket, client, "F2026-000001", ASKED)
    database.execute("BEGIN")
    database.execute("INSERT INTO ledger_transactions VALUES ('x', now())")
    for line, (account, cents) in enumerate(((f"411:{client}", 3000), ("706", -3000))):
        database.execute("INSERT INTO ledger_lines VALUES ('x', %s, %s, %s)", line, account, cents)
    database.execute("COMMIT")
    rows.insert(
        database,
        "chargebacks",
        reference="dp_1",
        invoice="F2026-000001",
        ticket=left.ticket,
        status="to_answer",
        is_inquiry=False,
        reason="fraudulent",
        amount_cents=3000,
        opened_at=ASKED,
    )
    case = a_submission(database, client, "refund", reason="…")
    rows.insert(
        database,
        "refund_cases",
        invoice="F2026-000001",
        n=1,
        ticket=left.ticket,
        status="open",
        submission_id=case,
        opened_by=client,
        opened_at=ASKED,
    )
    async with worker.begin() as session:
        assert set(await outstanding(session, client, DECLARED)) == {
            Outstanding(Awaited.DEBT),
            Outstanding(Awaited.DOCUMENT, "F2026-000001"),
            Outstanding(Awaited.REFUND, "F2026-000001"),
            Outstanding(Awaited.CHARGEBACK, "F2026-000001"),
        }


async def test_nobody_is_erased_early_nor_after_a_change_of_mind(worker: Sessions, left: Left) -> None:
    with pytest.raises(IntegrityError, match="no erasure is due"):
        async with worker.begin() as session:
            await erasures.run_erasure(session, left.key, DECLARED)
    await open_erasure(worker, left)
    with pytest.raises(IntegrityError, match="no erasure is due"):
        async with worker.begin() as session:
            await erasures.run_erasure(session, left.key, DUE - timedelta(seconds=1))
    withdrawal = WithdrawErasure(left.key, left.actor, ASKED)
    for _ in range(2):
        async with worker.begin() as session:
            await erasures.withdraw(session, withdrawal)
    with pytest.raises(IntegrityError, match="no erasure is due"):
        async with worker.begin() as session:
            await erasures.run_erasure(session, left.key, DECLARED)
    with pytest.raises(Refused, match=Refusal.ERASURE_OVER):
        await open_erasure(worker, left)


async def test_who_is_erased_cannot_change_their_mind(worker: Sessions, left: Left) -> None:
    await open_erasure(worker, left)
    await erased(worker, left)
    with pytest.raises(Refused, match=Refusal.ERASURE_OVER):
        async with worker.begin() as session:
            await erasures.withdraw(session, WithdrawErasure(left.key, left.actor, DECLARED))


async def test_the_owner_reads_the_archive_at_a_terminal(worker: Sessions, left: Left) -> None:
    await open_erasure(worker, left)
    await erased(worker, left)
    engine = create_engine(left.database.url("omea_owner"))
    try:
        owner = sessions(engine)
        said = await archive.describe(owner, "AF0007-00001")
        assert said[0] == "document AF0007-00001 : conservé jusqu'au 31/12/2036"
        assert NAME in said[1]
        assert await archive.content(owner, "AF0007-00001") == PDF
        assert await archive.content(owner, "OMEA-2026-10-1") == FILE
        for absent in ("AF0007-00002", "PAY-KERBRAT-1"):
            with pytest.raises(archive.NotInTheArchive):
                await archive.content(owner, absent)
    finally:
        await engine.dispose()


async def test_the_archive_is_the_owners_and_destroyed_when_its_time_is_over(
    worker: Sessions, left: Left
) -> None:
    database = left.database
    await open_erasure(worker, left)
    await erased(worker, left)
    for role, reading in (
        ("omea_api", "SELECT kind FROM archived_records"),
        ("omea_worker", "SELECT facts FROM archived_records"),
        ("omea_worker", "UPDATE archived_records SET destroy_after = '2026-01-01'"),
        ("omea_worker", "DELETE FROM documents"),
        ("omea_api", "SELECT erase_person('x', now())"),
        ("omea_api", "SELECT destroy_archived()"),
        ("omea_api", "SELECT mail FROM erasures"),
        ("omea_worker", "UPDATE erasures SET due_at = now()"),
    ):
        with database.connect(role) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(reading)
    for change in (
        "DELETE FROM archived_records",
        "UPDATE archived_records SET destroy_after = '2026-01-01'",
        "TRUNCATE archived_records",
    ):
        with database.connect("omea_owner") as connection, pytest.raises(errors.RestrictViolation):
            connection.execute(change)
    old = {"kind": "document", "facts": {"buyer": NAME}, "pdf": PDF}
    rows.insert(database, "archived_records", **old, reference="F2015-1", destroy_after=date(2025, 12, 31))
    for destroyed in (1, 0):
        async with worker.begin() as session:
            assert await erasures.destroy_archived(session) == destroyed
    assert database.rows(
        "SELECT reference, facts, pdf FROM archived_records WHERE destroyed_at IS NOT NULL"
    ) == [("F2015-1", {}, None)]


def test_documents_and_files_leave_for_the_archive_only(left: Left) -> None:
    for change in (
        "DELETE FROM documents",
        "UPDATE documents SET facts = '{}'",
        "UPDATE transfer_files SET xml = NULL",
        "DELETE FROM transfer_files",
    ):
        with left.database.connect("omea_owner") as connection, pytest.raises(errors.RestrictViolation):
            connection.execute(change)
