"""Tickets, their documents and the numbers of these: one query for each invariant, as in `books`."""

from domain.invariants import Invariant

INVOICES_ACCEPTED = """
SELECT i.number AS invoice, i.ticket FROM invoices i
WHERE NOT EXISTS (
    SELECT FROM journal j
    WHERE j.ticket = i.ticket AND j.act = 'accept' AND j.details ->> 'invoice' = i.number
        AND (j.before = 'in_review'
            OR j.before = 'suspended' AND EXISTS (SELECT FROM rulings r WHERE r.ticket = i.ticket))
)
"""
# A statement's hour is that of another workflow's clock: both are compared by the database's own.
SUSPENDED_UNTOUCHED = """
WITH suspended AS (
    SELECT t.number AS ticket, max(j.at) AS since, max(j.recorded_at) AS recorded
    FROM tickets t JOIN journal j ON j.ticket = t.number
    WHERE t.status = 'suspended' AND j.after = 'suspended' AND j.before <> 'suspended'
    GROUP BY t.number
)
SELECT ticket, 'invoice_issued' AS fault, i.number AS reference
FROM suspended JOIN invoices i USING (ticket) WHERE i.issued_at > since
UNION ALL
SELECT ticket, 'card_charged', i.number FROM suspended JOIN invoices i USING (ticket)
JOIN payment_attempts a ON a.invoice = i.number WHERE a.tried_at > since
UNION ALL
SELECT ticket, 'payment_entered', i.number FROM suspended JOIN invoices i USING (ticket)
JOIN payments p ON p.invoice = i.number WHERE p.paid_at > since
UNION ALL
SELECT ticket, 'gain_born', g.id::text FROM suspended JOIN gains g USING (ticket) WHERE g.accepted_at > since
UNION ALL
SELECT ticket, 'gain_claimed', c.statement FROM suspended JOIN gains g USING (ticket)
JOIN gain_claims c ON c.gain_id = g.id
JOIN ledger_transactions t ON t.key = 'statement:' || c.statement
WHERE t.recorded_at > suspended.recorded
"""
PAID_TICKETS = """
SELECT t.number AS ticket, 'payment_missing' AS fault FROM tickets t
WHERE t.outcome = 'paid' AND NOT EXISTS (
    SELECT FROM invoices i JOIN payments p ON p.invoice = i.number
    WHERE i.ticket = t.number AND p.status = 'paid'
)
UNION ALL
SELECT t.number, 'still_open' FROM tickets t JOIN invoices i ON i.ticket = t.number
JOIN payments p ON p.invoice = i.number
WHERE p.status = 'paid' AND t.status <> 'closed'
"""
ONE_INVOICE = """
SELECT i.ticket, i.number AS invoice FROM invoices i
WHERE EXISTS (SELECT FROM invoices o WHERE o.ticket = i.ticket AND o.number <> i.number)
"""


def _yearly_numbers(letter: str, documents: str, counters: str) -> str:
    """From 1 to the counter, each once. What is not written as a number of the series is out of it."""
    return f"""
    WITH known AS (
        SELECT number, substring(number FROM '^{letter}([0-9]{{4}})-[0-9]{{6,}}$')::int AS year,
            substring(number FROM '^{letter}[0-9]{{4}}-([0-9]{{6,}})$')::int AS n
        FROM {documents}
    )
    SELECT '{letter}' || c.year || '-' || lpad(n::text, 6, '0') AS number, 'missing' AS fault
    FROM {counters} c CROSS JOIN LATERAL generate_series(1, c.last) AS n
    WHERE NOT EXISTS (SELECT FROM known WHERE known.year = c.year AND known.n = n.n)
    UNION ALL
    SELECT known.number, 'out_of_series' FROM known LEFT JOIN {counters} c USING (year)
    WHERE known.n IS NULL OR known.n > coalesce(c.last, 0)
    """  # noqa: S608  # made of the constants of this file


STATEMENT_NUMBERS = """
SELECT c.technician_id AS technician, n AS number, 'missing' AS fault
FROM statement_counters c CROSS JOIN LATERAL generate_series(1, c.last) AS n
WHERE NOT EXISTS (
    SELECT FROM statements s WHERE s.technician_id = c.technician_id AND s.sequence = n.n
)
UNION ALL
SELECT s.technician_id, s.sequence, 'out_of_series'
FROM statements s LEFT JOIN statement_counters c USING (technician_id)
WHERE s.sequence > coalesce(c.last, 0) OR s.sequence < 1
"""
# `running` maps the number of each ticket whose workflow runs to the time of its start.
TICKETS_RUNNING = """
WITH running AS (
    SELECT key AS number, value::timestamptz AS started_at
    FROM jsonb_each_text(cast(:running AS jsonb))
)
SELECT number AS ticket, 'process_missing' AS fault FROM tickets
WHERE status <> 'closed' AND opened_at < :at - cast(:process AS interval)
    AND NOT EXISTS (SELECT FROM running r WHERE r.number = tickets.number)
UNION ALL
SELECT number, 'ticket_missing' FROM running
WHERE started_at < :at - cast(:process AS interval)
    AND NOT EXISTS (SELECT FROM tickets t WHERE t.number = running.number)
UNION ALL
SELECT number, 'still_running' FROM running JOIN tickets USING (number)
WHERE closed_at < :at - cast(:farewell AS interval)
"""
# A payout and its order are handed over together; a file is made at the end of the run that ordered; banks
# answer within days. An order's hour is that of another workflow's clock: here it is the database's own.
BANK_ANSWERS = """
SELECT key AS reference, 'not_ordered' AS fault FROM payouts p
WHERE status = 'ordered' AND NOT EXISTS (
    SELECT FROM bank_orders o
    WHERE o.payout = p.key AND o.reference = p.transfer AND o.state IN ('waiting', 'ordered')
)
UNION ALL
SELECT o.payout, 'ordered_besides' FROM bank_orders o JOIN payouts p ON p.key = o.payout
WHERE o.state IN ('waiting', 'ordered') AND p.status <> 'ordered'
UNION ALL
SELECT payout, 'not_handed_in' FROM bank_orders
WHERE state = 'waiting' AND recorded_at < now() - interval '1 hour'
UNION ALL
SELECT payout, 'not_answered' FROM bank_orders
WHERE state = 'ordered' AND recorded_at < now() - interval '7 days'
"""
# A rerun sends what is claimed and not sent; somebody must ask for it.
PAYOUTS_SENT = """
SELECT key AS reference, CASE failure WHEN :taken_back THEN 'taken_back' ELSE 'not_sent' END AS fault
FROM payouts JOIN statements USING (key)
WHERE status NOT IN ('ordered', 'paid')
    AND (failure = :taken_back OR issued_at < :at - cast(:payout AS interval))
"""
# Nobody waits for finance's answer with a timer: this is the reminder, as long as it lasts.
CONTESTS_ANSWERED = """
SELECT statement AS reference, 'contest_open' AS fault FROM statement_contests
WHERE answered_at IS NULL AND asked_at < :at - cast(:contest AS interval)
"""

PROCESS: dict[Invariant, str] = {
    Invariant.INVOICES_ACCEPTED: INVOICES_ACCEPTED,
    Invariant.SUSPENDED_UNTOUCHED: SUSPENDED_UNTOUCHED,
    Invariant.PAID_TICKETS: PAID_TICKETS,
    Invariant.ONE_INVOICE: ONE_INVOICE,
    Invariant.INVOICE_NUMBERS: _yearly_numbers("F", "invoices", "invoice_counters"),
    Invariant.CREDIT_NOTE_NUMBERS: _yearly_numbers("A", "credit_notes", "credit_note_counters"),
    Invariant.STATEMENT_NUMBERS: STATEMENT_NUMBERS,
    Invariant.TICKETS_RUNNING: TICKETS_RUNNING,
    Invariant.BANK_ANSWERS: BANK_ANSWERS,
    Invariant.PAYOUTS_SENT: PAYOUTS_SENT,
    Invariant.CONTESTS_ANSWERED: CONTESTS_ANSWERED,
}
