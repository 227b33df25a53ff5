"""Our ledger against the provider's own entries, and its notices: one query an invariant, as in `books`."""

from db.reads.invariants.books import POSTED
from domain.invariants import Invariant

# What a suspended ticket's client has paid already is entered once the ruling is known.
PROVIDER_ENTRIES = f"""
WITH {POSTED}, ours AS (
    SELECT reference, coalesce(cast(:events AS jsonb) ->> event, event) AS sort,
        sum(amount_cents) AS cents, max(recorded_at) AS newest
    FROM posted WHERE account = '5112' GROUP BY 1, 2
), parts AS (
    SELECT coalesce(
            CASE WHEN e.kind <> 'fee' THEN e.invoice END,
            e.payout,
            CASE WHEN e.kind IN ('dispute', 'dispute_reversal') THEN c.invoice END,
            CASE WHEN e.kind <> 'stripe_fee' THEN e.source END,
            e.id
        ) AS reference, part.sort, part.cents, e.created_at
    FROM provider_entries e LEFT JOIN chargebacks c ON c.reference = e.source CROSS JOIN LATERAL (
        VALUES (cast(:kinds AS jsonb) ->> e.kind, e.amount_cents), (:fee, -e.fee_cents)
    ) AS part (sort, cents)
    WHERE cast(:kinds AS jsonb) ? e.kind
), theirs AS (
    SELECT reference, sort, sum(cents) AS cents, max(created_at) AS newest FROM parts GROUP BY 1, 2
)
SELECT reference, sort, coalesce(ours.cents, 0) AS ledger_cents, coalesce(theirs.cents, 0) AS provider_cents
FROM ours FULL JOIN theirs USING (reference, sort)
WHERE coalesce(ours.cents, 0) <> coalesce(theirs.cents, 0)
    AND coalesce(theirs.newest <= now() - cast(:money AS interval), true)
    AND coalesce(
        ours.newest <= (SELECT read_at FROM provider_readings WHERE reading = 'entries')
            - cast(:listing AS interval),
        true
    )
    AND NOT EXISTS (
        SELECT FROM invoices i JOIN tickets t ON t.number = i.ticket
        WHERE i.number = reference AND t.status = 'suspended'
    )
"""  # noqa: S608  # made of constants
PROVIDER_KINDS = """
SELECT id AS entry, kind, net_cents AS provider_cents FROM provider_entries
WHERE NOT cast(:kinds AS jsonb) ? kind
"""
# The mirror and the balance are read together: nothing was entered since.
PROVIDER_BALANCE = """
SELECT balance_cents - coalesce((SELECT sum(net_cents) FROM provider_entries), 0) AS difference_cents
FROM provider_readings
WHERE reading = 'entries'
    AND balance_cents <> coalesce((SELECT sum(net_cents) FROM provider_entries), 0)
"""
PROVIDER_READ = """
SELECT reading FROM provider_readings WHERE read_at < now() - interval '1 hour'
"""
WEBHOOKS_PARKED = """
SELECT id AS event, type AS kind FROM webhook_events WHERE state = 'parked'
"""
WEBHOOKS_PENDING = """
SELECT id AS event, type AS kind FROM webhook_events
WHERE state = 'pending' AND received_at < now() - interval '1 hour'
"""
WEBHOOKS_LOST = """
SELECT id AS event, type AS kind FROM webhook_events
WHERE found_by = 'reading' AND received_at > now() - interval '24 hours'
"""

PROVIDER: dict[Invariant, str] = {
    Invariant.PROVIDER_ENTRIES: PROVIDER_ENTRIES,
    Invariant.PROVIDER_KINDS: PROVIDER_KINDS,
    Invariant.PROVIDER_BALANCE: PROVIDER_BALANCE,
    Invariant.PROVIDER_READ: PROVIDER_READ,
    Invariant.WEBHOOKS_PARKED: WEBHOOKS_PARKED,
    Invariant.WEBHOOKS_PENDING: WEBHOOKS_PENDING,
    Invariant.WEBHOOKS_LOST: WEBHOOKS_LOST,
}
