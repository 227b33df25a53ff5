"""A technician with everything that there may be of one: to be erased."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from db.engine import Sessions
from db.stores import erasures
from domain.erasures import REFLECTION, AskedBy, Erase, ErasureRequest, Outstanding
from domain.messages import Actor
from domain.tickets import Role
from tests.api import rows
from tests.support.people import a_client, a_person, a_submission, a_technician
from tests.support.postgres import Database

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
MAIL, ACCOUNT, PHONE = "kerbrat@example.fr", "acct_kerbrat", "+33639981957"
PERSONAL = (NAME, IBAN, STREET, TAX, REPORT, COMMENT, REASON, APPLIED, SUBJECT, MAIL, ACCOUNT, PHONE)


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


def everything_of_a_technician(database: Database) -> Left:
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
    rows.insert(
        database,
        "message_preferences",
        person_id=technician,
        sms=True,
        reminders=True,
        phone=PHONE,
        chosen_at=ASKED,
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
