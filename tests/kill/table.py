"""What a demonstration leaves behind, read from the stores themselves, without its numbers and its dates.

Everything is counted: what is there twice is seen.
"""

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg

from deploy.sandbox.postgres import database_url
from deploy.stack import Stack

Table = dict[str, Counter[tuple[Any, ...]]]

QUERIES = {
    "tickets": """
        SELECT client.name, technician.name, status, outcome FROM tickets
        JOIN people client ON client.id = client_id JOIN people technician ON technician.id = technician_id
    """,
    "bookings": "SELECT state, count(*) FROM bookings WHERE state = 'booked' GROUP BY state, ticket",
    "sessions": "SELECT number, ended_at IS NOT NULL FROM sessions",
    "acts": """
        SELECT client.name, array_agg(concat_ws(' ', actor_role, act, before, after)
                                      ORDER BY journal.recorded_at, journal.id)
        FROM journal JOIN tickets ON tickets.number = ticket JOIN people client ON client.id = client_id
        GROUP BY ticket, client.name
    """,
    "invoices": """
        SELECT client.name, slices, total_ttc_cents, payments.status,
               (SELECT array_agg(coalesce(refusal, 'accepted') ORDER BY attempt) FROM payment_attempts
                WHERE payment_attempts.invoice = invoices.number)
        FROM invoices JOIN people client ON client.id = client_id
        LEFT JOIN payments ON payments.invoice = invoices.number
    """,
    "gains": """
        SELECT technician.name, amount_cents,
               (SELECT count(*) FROM gain_claims WHERE gain_id = gains.id) AS statements
        FROM gains JOIN people technician ON technician.id = technician_id
    """,
    "payouts": """
        SELECT technician.name, total_cents, status, failure, attempts FROM payouts
        JOIN statements USING (key) JOIN people technician ON technician.id = technician_id
    """,
    "runs": "SELECT finished_at IS NOT NULL FROM payout_runs",
    # The reminders depend on the hour at which what they remind of is done.
    "mails": """
        SELECT client.name, kind, recipient.role, sent_at IS NOT NULL FROM notifications
        JOIN tickets ON tickets.number = ticket JOIN people client ON client.id = client_id
        LEFT JOIN people recipient ON recipient.id = recipient_id
        WHERE kind IN ('booked', 'report_ready', 'invoice_issued', 'suspended')
    """,
    # An account's kind is its number: `411:…` is some client's.
    "ledger": """
        SELECT split_part(transaction, ':', 1), split_part(account, ':', 1), amount_cents FROM ledger_lines
    """,
}


def rows(stack: Stack, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Read or written as the superuser, whom no policy binds."""
    url = database_url(stack.var / "postgres" / "data", "postgres").replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        answer = connection.execute(query.encode(), values)
        return answer.fetchall() if answer.description else []


def stripe_objects(stack: Stack, kind: str) -> list[dict[str, Any]]:
    with sqlite3.connect(f"file:{stripe_file(stack)}?mode=ro", uri=True) as connection:
        found = connection.execute("SELECT body FROM objects WHERE object = ? ORDER BY sequence", (kind,))
        return [json.loads(body) for (body,) in found]


def stripe_file(stack: Stack) -> Path:
    return stack.var / "stripe.sqlite"


def read_table(stack: Stack) -> Table:
    table: Table = {
        name: Counter(_hashable(row) for row in rows(stack, query)) for name, query in QUERIES.items()
    }
    invoiced = dict(rows(stack, "SELECT number, total_ttc_cents FROM invoices"))
    paid_to = dict(rows(stack, "SELECT account_reference, name FROM technicians JOIN people USING (id)"))
    table["charges"] = Counter(
        (intent["status"], intent["amount_received"], invoiced.get(intent["metadata"].get("invoice")))
        for intent in stripe_objects(stack, "payment_intent")
    )
    table["charges of one invoice"] = Counter(
        (count,)
        for count in Counter(
            charge["metadata"]["invoice"] for charge in stripe_objects(stack, "charge") if charge["paid"]
        ).values()
    )
    table["transfers"] = Counter(
        (paid_to[transfer["destination"]], transfer["amount"], transfer["reversed"])
        for transfer in stripe_objects(stack, "transfer")
    )
    return table


def added(after: Table, before: Table) -> Table:
    """What one demonstration added. Nothing that was there may have gone."""
    gone = {name: before[name] - counted for name, counted in after.items() if before[name] - counted}
    assert gone == {}
    return {name: counted - before[name] for name, counted in after.items()}


def _hashable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)
