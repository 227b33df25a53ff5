"""Gains, written straight into a test's database as an accepted intervention leaves them."""

from datetime import datetime
from itertools import count

from domain.ids import ticket_number
from domain.opening_hours import PARIS, paris_month
from tests.support.people import a_client, a_submission
from tests.support.postgres import Database

TICKETS = count(1)
SLICE_CENTS = 800


def paris(text: str) -> datetime:
    """`2025-10-31 23:59` as the clock on the wall says it in Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def a_gain(database: Database, technician: str, accepted: str | datetime, slices: int = 2) -> int:
    """A gain of that many slices and its posting, accepted at that Paris time. Answers its cents; a
    negative one is a correction."""
    at = paris(accepted) if isinstance(accepted, str) else accepted
    ticket = _an_accepted_ticket(database, technician, at)
    cents = slices * SLICE_CENTS
    [(gain,)] = database.rows(
        "INSERT INTO gains (ticket, session, technician_id, slices, amount_cents, month, accepted_at, act) "
        "VALUES (%s, 1, %s, %s, %s, %s, %s, 'accept') RETURNING id::text",
        *(ticket, technician, slices, cents, paris_month(at), at),
    )
    with database.connect() as connection, connection.transaction():
        connection.execute("INSERT INTO ledger_transactions (key, at) VALUES (%s, %s)", (f"gain:{gain}", at))
        connection.execute(
            "INSERT INTO ledger_lines (transaction, line, account, amount_cents) "
            "VALUES (%(key)s, 1, '611', %(cents)s), (%(key)s, 2, %(account)s, -%(cents)s)",
            {"key": f"gain:{gain}", "cents": cents, "account": f"4081:{technician}"},
        )
    return cents


def _an_accepted_ticket(database: Database, technician: str, at: datetime) -> str:
    number = ticket_number(next(TICKETS))
    client = a_client(database)
    request = a_submission(database, client, "request")
    database.execute(
        "INSERT INTO tickets (number, client_id, technician_id, skill, status, appointment_start, "
        "appointment_end, ceiling_minutes, tariff_version, request_id, opened_at) VALUES "
        "(%s, %s, %s, 'internet', 'invoiced', %s::timestamptz - interval '2 hours', "
        "%s::timestamptz - interval '1 hour', 60, '2026-01', %s, %s)",
        *(number, client, technician, at, at, request, at),
    )
    return number
