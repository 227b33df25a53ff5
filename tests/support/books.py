"""Postings, written straight into a test's database as the worker enters them."""

from collections.abc import Iterable
from datetime import datetime

from domain.ledger import Posting
from domain.money import price_from_ttc
from tests.api.rows import a_ticket, insert
from tests.support.postgres import Database


def enter(database: Database, postings: Iterable[tuple[Posting, datetime]]) -> None:
    """Each in a transaction of its own, so that they are recorded in this order."""
    with database.connect("omea_worker") as connection:
        for posting, at in postings:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.execute("INSERT INTO ledger_transactions (key, at) VALUES (%s, %s)", (posting.key, at))
                cursor.executemany(
                    "INSERT INTO ledger_lines VALUES (%s, %s, %s, %s)",
                    [
                        (posting.key, number, account, cents)
                        for number, (account, cents) in enumerate(posting.lines, start=1)
                        if cents
                    ],
                )


def an_invoice_of(
    database: Database, client: str, technician: str, number: str, at: datetime, slices: int
) -> str:
    """The row of an invoice at 15 € a slice, with a ticket of its own, which is answered."""
    ticket = a_ticket(database, client, technician, status="invoiced")
    price = price_from_ttc(1500 * slices, 2000)
    insert(
        database,
        "invoices",
        number=number,
        ticket=ticket,
        client_id=client,
        issued_at=at,
        minutes=15 * slices,
        slices=slices,
        unit_ttc_cents=1500,
        vat_bp=2000,
        total_ht_cents=price.ht_cents,
        total_vat_cents=price.vat_cents,
        total_ttc_cents=price.ttc_cents,
    )
    return ticket


def a_credit_note_of(database: Database, invoice: str, number: str, at: datetime, slices: int) -> None:
    price = price_from_ttc(1500 * slices, 2000)
    insert(
        database,
        "credit_notes",
        number=number,
        invoice=invoice,
        issued_at=at,
        slices=slices,
        total_ht_cents=price.ht_cents,
        total_vat_cents=price.vat_cents,
        total_ttc_cents=price.ttc_cents,
    )
