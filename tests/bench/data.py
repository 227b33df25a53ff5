"""A month of many technicians, each with many gains, entered in a few statements."""

from tests.support.people import a_client, a_submission
from tests.support.postgres import Database

MONTH = "2025-10"
SLICE_CENTS = 800


def fill(database: Database, technicians: int, gains_each: int) -> None:
    """Technicians who may be paid, and for each that many accepted tickets with a gain of one slice and its
    posting."""
    client = a_client(database)
    request = a_submission(database, client, "request")
    database.execute(
        """
        WITH person AS (
            INSERT INTO people (role, name, mail)
            SELECT 'technician', 'Technicien ' || n, 't' || n || '@example.fr' FROM generate_series(1, %s) n
            RETURNING id
        ), technician AS (
            INSERT INTO technicians (id, account_reference, vetted_at)
            SELECT id, 'acct_' || id, now() FROM person RETURNING id
        )
        INSERT INTO payees (technician_id, legal_name, siren, street, postal_code, city, mandate,
            mandate_signed_at, account_ready, vigilance_until)
        SELECT id, 'Technicien EI', lpad(row_number() OVER (ORDER BY id)::text, 9, '0'), '1 rue de l’Exemple',
            '69003', 'Lyon', 'mandat-2026-01', '2025-01-05', true, '2099-12-31' FROM technician
        """,
        technicians,
    )
    database.execute(
        """
        INSERT INTO tickets (number, client_id, technician_id, skill, status, appointment_start,
            appointment_end, ceiling_minutes, tariff_version, request_id, opened_at)
        SELECT lpad((p.series * 1000 + n)::text, 8, '0'), %s, p.technician_id, 'internet', 'invoiced',
            '2025-10-05 10:00+02', '2025-10-05 11:00+02', 60, '2026-01', %s, '2025-10-01'
        FROM payees p, generate_series(1, %s) n
        """,
        *(client, request, gains_each),
    )
    database.execute(
        """
        INSERT INTO gains (ticket, session, technician_id, slices, amount_cents, month, accepted_at, act)
        SELECT number, 1, technician_id, 1, %s, '2025-10', '2025-10-05 12:00+02', 'accept' FROM tickets
        """,
        SLICE_CENTS,
    )
    with database.connect() as connection, connection.transaction():
        connection.execute(
            "INSERT INTO ledger_transactions (key, at) SELECT 'gain:' || ticket, accepted_at FROM gains"
        )
        connection.execute(
            "INSERT INTO ledger_lines (transaction, line, account, amount_cents) "
            "SELECT 'gain:' || ticket, line, CASE line WHEN 1 THEN '611' ELSE '4081:' || technician_id END, "
            "CASE line WHEN 1 THEN amount_cents ELSE -amount_cents END FROM gains, generate_series(1, 2) line"
        )
    with database.connect() as connection:
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
