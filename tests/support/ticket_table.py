"""What a ticket leaves behind, without its numbers and dates: two that were played alike have the same."""

from typing import Any

from tests.support.postgres import Database

Table = dict[str, list[tuple[Any, ...]]]

# Told because hours have passed, and rightly so in an outage that lasts for hours.
RUNG_BY_TIME = (
    *("ceiling_reached", "long_session", "not_started", "report_due", "report_overdue"),
    *("review_due", "still_suspended", "payment_late", "still_unpaid", "document_late"),
)
QUERIES = {
    "ticket": """
        SELECT status, outcome, name, sequence, ceiling_minutes, wrong_codes
        FROM tickets JOIN people ON people.id = technician_id WHERE number = %s
    """,
    "acts": """
        SELECT actor_role, act, before, after FROM journal WHERE ticket = %s ORDER BY recorded_at, id
    """,
    "bookings": """
        SELECT name, session, state FROM bookings JOIN people ON people.id = technician_id
        WHERE ticket = %s ORDER BY session, bookings.id
    """,
    "sessions": """
        SELECT number, name, ended_by FROM sessions JOIN people ON people.id = technician_id
        WHERE ticket = %s ORDER BY number
    """,
    "reports": "SELECT session, declared_minutes, credible FROM reports WHERE ticket = %s ORDER BY session",
    "reviews": "SELECT stars FROM reviews WHERE ticket = %s ORDER BY given_at",
    "disputes": "SELECT number FROM disputes WHERE ticket = %s ORDER BY number",
    "rulings": "SELECT number, kind, minutes FROM rulings WHERE ticket = %s ORDER BY number",
    "invoices": """
        SELECT minutes, slices, total_ht_cents, total_vat_cents, total_ttc_cents FROM invoices
        WHERE ticket = %s
    """,
    "documents": "SELECT kind FROM documents WHERE ticket = %s ORDER BY number",
    "payments": """
        SELECT status, fee_cents FROM payments JOIN invoices ON number = invoice WHERE ticket = %s
    """,
    "attempts": """
        SELECT attempt, refusal FROM payment_attempts JOIN invoices ON number = invoice
        WHERE ticket = %s ORDER BY attempt
    """,
    "gains": """
        SELECT session, name, slices, amount_cents FROM gains JOIN people ON people.id = technician_id
        WHERE ticket = %s ORDER BY session
    """,
    # The key without the ticket and whoever is told: what happened, which time, and to whom as what.
    "mails": """
        SELECT kind, CASE kind WHEN 'reminder' THEN '' ELSE split_part(key, ':', 3) END, role, name,
               sent_at IS NOT NULL
        FROM notifications LEFT JOIN people ON people.id = recipient_id
        WHERE ticket = %s AND kind <> ALL (%s) ORDER BY 1, 2, 3, 4
    """,
}


def read_table(database: Database, number: str) -> Table:
    """That of one ticket; the ledger is that of the whole database."""
    table = {
        name: database.rows(query, number, *([list(RUNG_BY_TIME)] if name == "mails" else []))
        for name, query in QUERIES.items()
    }
    # An account's kind is its number: `411:…` is some client's.
    table["ledger"] = database.rows(
        "SELECT split_part(transaction, ':', 1), split_part(account, ':', 1), amount_cents FROM ledger_lines "
        "ORDER BY 1, 2, 3"
    )
    return table
