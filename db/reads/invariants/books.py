"""The books against the documents: one query for each invariant, which answers the offending rows.

A row has ids and cents only, and of an account no more than the difference: the sums themselves change with
every posting, and the same fault must stay the same row.
"""

from domain.invariants import Invariant

# A posting's key is `{event}:{reference}`, or `…:{n}`; a credit note's is that of its invoice.
POSTED = """
posted AS (
    SELECT t.recorded_at, l.account, l.amount_cents, split_part(t.key, ':', 1) AS event,
        coalesce(
            n.invoice,
            substring(t.key FROM 'payout:[0-9]{4}-[0-9]{2}:[^:]+:[0-9]+'),
            split_part(t.key, ':', 2)
        ) AS reference
    FROM ledger_transactions t
    JOIN ledger_lines l ON l.transaction = t.key
    LEFT JOIN credit_notes n ON n.number = split_part(t.key, ':', 2)
)"""
# What is left of each invoice once its credit notes are taken off, whether that was paid or given up, and how
# much of the client's money we have.
BILLS = """
bills AS (
    SELECT i.number AS invoice, i.client_id, i.ticket,
        i.total_ttc_cents - coalesce(c.ttc, 0) AS ttc_cents,
        i.total_ht_cents - coalesce(c.ht, 0) AS ht_cents,
        i.total_vat_cents - coalesce(c.vat, 0) AS vat_cents,
        coalesce(p.status = 'paid', false) AS paid,
        coalesce(t.outcome = 'written_off', false) AS written_off,
        CASE WHEN p.status = 'paid' THEN p.collected_cents ELSE 0 END - coalesce(r.cents, 0)
            - coalesce(b.cents, 0) AS kept_cents,
        coalesce(b.lost, false) AS lost
    FROM invoices i
    JOIN tickets t ON t.number = i.ticket
    LEFT JOIN payments p ON p.invoice = i.number
    LEFT JOIN (
        SELECT invoice, sum(cents) AS cents FROM (
            SELECT invoice, amount_cents AS cents FROM refunds WHERE state = 'sent'
            UNION ALL
            SELECT invoice, amount_cents FROM refund_cases f WHERE status = 'refunded' AND NOT EXISTS (
                SELECT FROM refunds s WHERE s.invoice = f.invoice AND s.n = f.n AND s.state = 'sent'
            )
        ) sent_back GROUP BY 1
    ) r ON r.invoice = i.number
    LEFT JOIN (
        SELECT invoice, sum(withdrawn_cents - returned_cents) AS cents, bool_or(status = 'lost') AS lost
        FROM chargebacks GROUP BY 1
    ) b ON b.invoice = i.number
    LEFT JOIN (
        SELECT invoice, sum(total_ttc_cents) AS ttc, sum(total_ht_cents) AS ht, sum(total_vat_cents) AS vat
        FROM credit_notes GROUP BY invoice
    ) c ON c.invoice = i.number
)"""
# Less than nothing is what we owe: a refund that was ruled, and not sent yet or given back to us.
# What a lost chargeback leaves owed is a loss.
OWED = (
    "CASE WHEN written_off THEN 0 WHEN lost THEN least(0, ttc_cents - kept_cents) "
    "ELSE ttc_cents - kept_cents END"
)


def _of_each_invoice(accounts: str, expected: str, besides: str = "false") -> str:
    """Where an account does not have, for an invoice, what the documents say; and what it has for none."""
    return f"""
    WITH {POSTED}, {BILLS}, entered AS (
        SELECT reference AS invoice, sum(amount_cents) AS cents FROM posted WHERE {accounts} GROUP BY 1
    )
    SELECT invoice, coalesce(cents, 0) AS ledger_cents, coalesce({expected}, 0) AS expected_cents
    FROM bills FULL JOIN entered USING (invoice)
    WHERE coalesce(cents, 0) <> coalesce({expected}, 0) OR {besides}
    """  # noqa: S608  # made of the constants of this file


def _of_each_account(pattern: str, expected: str) -> str:
    """Where the accounts of that pattern do not have what `expected` says (a query of account and cents)."""
    return f"""
    WITH {BILLS}, expected AS ({expected}), entered AS (
        SELECT account, sum(amount_cents) AS cents FROM ledger_lines WHERE account LIKE '{pattern}' GROUP BY 1
    )
    SELECT account, coalesce(entered.cents, 0) - coalesce(expected.cents, 0) AS difference_cents
    FROM expected FULL JOIN entered USING (account)
    WHERE coalesce(entered.cents, 0) <> coalesce(expected.cents, 0)
    """  # noqa: S608  # made of the constants of this file


TRANSACTIONS_BALANCED = """
SELECT t.key AS transaction, coalesce(sum(l.amount_cents), 0) AS difference_cents
FROM ledger_transactions t LEFT JOIN ledger_lines l ON l.transaction = t.key
GROUP BY t.key HAVING coalesce(sum(l.amount_cents), 0) <> 0 OR count(l.line) = 0
"""
LEDGER_BALANCED = """
SELECT sum(amount_cents) AS difference_cents FROM ledger_lines HAVING sum(amount_cents) <> 0
"""
# Paid and claimed are what statements say; held and payable, what no statement has.
GAINS_ACCOUNTED = """
WITH earned AS (
    SELECT technician_id, sum(amount_cents) AS cents FROM gains GROUP BY 1
), accounted AS (
    SELECT technician_id, sum(cents) AS cents FROM (
        SELECT s.technician_id, s.total_cents AS cents FROM statements s JOIN payouts p USING (key)
        UNION ALL
        SELECT g.technician_id, g.amount_cents FROM gains g
        WHERE NOT EXISTS (SELECT FROM gain_claims c WHERE c.gain_id = g.id)
    ) parts GROUP BY 1
)
SELECT technician_id AS technician,
    coalesce(earned.cents, 0) - coalesce(accounted.cents, 0) AS difference_cents
FROM earned FULL JOIN accounted USING (technician_id)
WHERE coalesce(earned.cents, 0) <> coalesce(accounted.cents, 0)
"""
# Of a transfer that still pays: what is taken back of it is owed again, and no run sends it.
TAKEN_BACK_IN_PART = """
SELECT p.key AS reference, sum(r.amount_cents) AS reversed_cents
FROM payouts p JOIN transfer_reversals r ON r.payout = p.key AND r.transfer = p.transfer
WHERE p.status = 'paid' GROUP BY p.key
"""
# What is owed on statements: those that nobody is to pay yet, and what came back of a payment.
PAYABLE = f"""
SELECT s.technician_id, s.total_cents + s.vat_cents AS cents FROM statements s JOIN payouts p USING (key)
WHERE p.status NOT IN ('ordered', 'paid')
UNION ALL
SELECT s.technician_id, r.reversed_cents FROM ({TAKEN_BACK_IN_PART}) r
JOIN statements s ON s.key = r.reference
"""  # noqa: S608  # made of the constants of this file
TECHNICIAN_ACCOUNTS = " UNION ALL ".join(
    f"SELECT * FROM ({query}) part"  # noqa: S608  # made of the constants of this file
    for query in (
        _of_each_account(
            "4081:%",
            "SELECT '4081:' || g.technician_id AS account, -sum(g.amount_cents) AS cents FROM gains g "
            "WHERE NOT EXISTS (SELECT FROM gain_claims c WHERE c.gain_id = g.id) GROUP BY 1",
        ),
        _of_each_account(
            "401:%",
            f"SELECT '401:' || technician_id AS account, -sum(cents) AS cents FROM ({PAYABLE}) p GROUP BY 1",  # noqa: S608
        ),
    )
)
# What the bank is to pay of each payout, by its open orders.
BANK_TRANSFERS = f"""
WITH {POSTED}, entered AS (
    SELECT reference, sum(amount_cents) AS cents FROM posted WHERE account = '580' GROUP BY 1
), expected AS (
    SELECT payout AS reference, -sum(amount_cents) AS cents FROM bank_orders
    WHERE state IN ('waiting', 'ordered') GROUP BY 1
)
SELECT reference, coalesce(entered.cents, 0) AS ledger_cents, coalesce(expected.cents, 0) AS expected_cents
FROM entered FULL JOIN expected USING (reference)
WHERE coalesce(entered.cents, 0) <> coalesce(expected.cents, 0)
"""  # noqa: S608  # made of constants

# A debit for a whole file against the transfers of it that were not rejected.
BANK_DEBITS = """
SELECT d.file AS reference, d.amount_cents AS bank_cents, coalesce(sum(o.amount_cents), 0) AS expected_cents
FROM bank_debits d
LEFT JOIN bank_orders o ON o.file = d.file AND o.state IN ('settled', 'returned')
GROUP BY d.file, d.amount_cents HAVING d.amount_cents <> coalesce(sum(o.amount_cents), 0)
"""

BOOKS: dict[Invariant, str] = {
    Invariant.TRANSACTIONS_BALANCED: TRANSACTIONS_BALANCED,
    Invariant.LEDGER_BALANCED: LEDGER_BALANCED,
    Invariant.GAINS_ACCOUNTED: GAINS_ACCOUNTED,
    Invariant.TECHNICIAN_ACCOUNTS: TECHNICIAN_ACCOUNTS,
    Invariant.TRANSFERS_WHOLE: TAKEN_BACK_IN_PART,
    Invariant.BANK_TRANSFERS: BANK_TRANSFERS,
    Invariant.BANK_DEBITS: BANK_DEBITS,
    Invariant.INVOICES_OWED: _of_each_invoice("account LIKE '411:%'", OWED, besides="ttc_cents < 0"),
    Invariant.CLIENT_ACCOUNTS: _of_each_account(
        "411:%",
        f"SELECT '411:' || client_id AS account, sum({OWED}) AS cents FROM bills GROUP BY 1",  # noqa: S608
    ),
    Invariant.VAT_PENDING: _of_each_invoice(
        "account = '44574'", "CASE WHEN paid OR written_off THEN 0 ELSE -vat_cents END"
    ),
    Invariant.VAT_DUE: _of_each_invoice("account = '44571'", "CASE WHEN paid THEN -vat_cents ELSE 0 END"),
    Invariant.SALES: _of_each_invoice("account IN ('706', '709')", "-ht_cents"),
}
