"""The money of the world: invoices and what became of them, statements, the bank."""

import hashlib
from typing import Any

from domain.tickets import Status
from tests.api.frontend import MORNING
from tests.api.matrix.callers import (
    CLIENT,
)
from tests.api.matrix.world_people import IBAN
from tests.api.rows import (
    a_gain,
    an_invoice,
    insert,
)
from tests.api.test_documents import CREDIT_NOTE, INVOICE, a_credit_note, a_document
from tests.api.test_reading_money import a_statement
from tests.support.people import a_submission
from tests.support.postgres import Database

MONTH, YEAR = "2026-11", "2026"


def add_money(database: Database, people: dict[str, str], tickets: dict[Status, str]) -> None:
    """Two invoices. Of the paid one: a credit note, both documents, a claim and a chargeback, both open."""
    client, closed = people[CLIENT], tickets[Status.CLOSED]
    an_invoice(database, closed, client, INVOICE, MORNING)
    an_invoice(database, tickets[Status.UNPAID], client, "F2026-000124", MORNING)
    insert(
        database,
        "payments",
        invoice=INVOICE,
        intent="pi_1",
        status="paid",
        collected_cents=3000,
        paid_at=MORNING,
    )
    a_credit_note(database)
    a_document(database, closed, INVOICE)
    a_document(database, closed, CREDIT_NOTE, "credit_note")
    claim = a_submission(database, client, "refund", reason="La panne est revenue le soir même.")
    insert(
        database,
        "refund_cases",
        invoice=INVOICE,
        n=1,
        ticket=closed,
        status="open",
        submission_id=claim,
        opened_by=client,
        opened_at=MORNING,
    )
    insert(
        database,
        "chargebacks",
        reference="du_1",
        invoice=INVOICE,
        ticket=closed,
        status="to_answer",
        is_inquiry=False,
        reason="fraudulent",
        amount_cents=3000,
        opened_at=MORNING,
    )


def a_paid_statement(database: Database, technician: str, ticket: str) -> str:
    """Of one gain, paid by the provider, with its document. Answers its number."""
    gain = a_gain(database, ticket, technician, MORNING)
    reference = f"tr_{technician[-12:]}"
    paid: dict[str, Any] = {"rail": "stripe", "transfer": reference, "paid_at": MORNING}
    key = a_statement(database, technician, [gain], "paid", cents=1600, **paid)
    [(number,)] = database.rows("SELECT number FROM statements WHERE key = %s", key)
    pdf = f"%PDF-1.7 {number}".encode()
    insert(
        database,
        "documents",
        number=number,
        kind="self_billed",
        facts={},
        pdf=pdf,
        xml=b"<x/>",
        sha256=hashlib.sha256(pdf).hexdigest(),
        made_at=MORNING,
    )
    return str(number)


def add_contest(database: Database, technician: str, statement: str) -> None:
    text = a_submission(database, technician, "contest", text="La séance a duré 40 minutes.")
    insert(database, "statement_contests", statement=statement, submission_id=text, asked_at=MORNING)


def add_transfer_file(database: Database) -> None:
    """A run of the month, and its file of transfers."""
    run = {"key": "a run", "month": MONTH, "n": 1, "actor_id": "system"}
    insert(database, "payout_runs", **run, cut_off=MORNING, started_at=MORNING)
    xml = b"<Document/>"
    insert(
        database,
        "transfer_files",
        message_id=f"OMEA-{MONTH}-1",
        month=MONTH,
        n=1,
        run="a run",
        created_at=MORNING,
        execution_date=MORNING.date(),
        debtor_name="OmeaSupport",
        debtor_iban=IBAN,
        total_cents=1600,
        xml=xml,
        sha256=hashlib.sha256(xml).hexdigest(),
    )
