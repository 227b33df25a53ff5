"""What the database remembers of what the processes have done; asked after a restore."""

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.payouts import PayoutStatus
from domain.recovery import Highest
from domain.tickets import Status

# Acts of other processes on a ticket; all others are those of the ticket's own.
OF_OTHERS = ("refund%", "chargeback%", "contest%", "statement%", "excess%", "reversal%", "erasure%")

ACTS = "SELECT ticket, key FROM journal WHERE ticket = ANY(:tickets)"
TICKETS = "SELECT number, status FROM tickets WHERE number = ANY(:tickets) OR status <> 'closed'"
PAYOUTS = """
SELECT p.key, p.status, p.transfer, p.attempts, array_remove(array_agg(l.key), NULL)
FROM payouts p LEFT JOIN ledger_transactions l ON starts_with(l.key, 'transfer:' || p.key || ':')
GROUP BY p.key
"""
CARDS = "SELECT client_id::text, saved_at FROM cards WHERE card_reference IS NOT NULL"
MAILS = "SELECT key FROM notifications WHERE ticket = ANY(:tickets)"
DONE_AGAIN = "SELECT subject || ' ' || detail, max(at) FROM recovery_acts WHERE kind = 'step_lost' GROUP BY 1"
NAMES = {
    "people": "SELECT id::text FROM people",
    "submissions": "SELECT id::text FROM submissions WHERE id = ANY(cast(:texts AS uuid[]))",
    "documents": "SELECT number FROM documents UNION SELECT reference FROM archived_records",
    "logged": "SELECT DISTINCT ticket || ':' || session FROM session_logs",
    "customers": "SELECT client_id::text FROM cards UNION SELECT id::text FROM people WHERE NOT active",
    "gone": "SELECT id::text FROM people WHERE NOT active",
    "chargebacks": "SELECT reference FROM chargebacks",
    "refunds": "SELECT concat_ws(':', invoice, n, attempt, state) FROM refunds",
    "runs": "SELECT key FROM payout_runs",
    "finished_runs": "SELECT key FROM payout_runs WHERE finished_at IS NOT NULL",
    "orders": "SELECT reference FROM bank_orders",
    "files": "SELECT message_id FROM transfer_files",
    "bank_messages": "SELECT sha256 FROM bank_messages WHERE applied_at IS NOT NULL "
    "UNION SELECT reference FROM archived_records",
    "erasures": "SELECT key FROM erasures",
    "withdrawn": "SELECT key FROM erasures WHERE withdrawn_at IS NOT NULL",
    "erased": "SELECT key FROM erasures WHERE erased_at IS NOT NULL",
    "contests": "SELECT statement FROM statement_contests",
    "answered": "SELECT statement FROM statement_contests WHERE answered_at IS NOT NULL",
    "accounts": "SELECT account_reference FROM technicians WHERE account_reference IS NOT NULL",
    "reversals": "SELECT key FROM reversal_requests",
    "invoices": "SELECT number FROM invoices",
    "intents": "SELECT invoice FROM payments",
}


@dataclass(frozen=True)
class KnownPayout:
    """`transfers` are the keys of the postings of those that were ever entered for it."""

    status: PayoutStatus
    transfer: str | None
    attempts: int
    transfers: frozenset[str]


@dataclass(frozen=True)
class Memory:
    """`acts` are (ticket, key) of the journal; `cards` when each client's was given; `mails` the keys
    of those that were sent, in order; `done_again` when each step was last run by a repair, by subject and
    detail; `names` the keys of other rows, by what they are."""

    acts: frozenset[tuple[str, str]]
    tickets: dict[str, Status]
    payouts: dict[str, KnownPayout]
    cards: dict[str, datetime]
    mails: list[str]
    done_again: dict[str, datetime]
    names: dict[str, frozenset[str]]

    def was_told(self, prefix: str) -> bool:
        """Whether a mail is entered whose key begins so."""
        near = bisect_left(self.mails, prefix)
        return near < len(self.mails) and self.mails[near].startswith(prefix)

    def knows(self, what: str, name: str) -> bool:
        return name in self.names[what]


async def memory(session: AsyncSession, tickets: Collection[str], texts: Collection[str]) -> Memory:
    """Of these tickets, and all that is open; of these submissions; and of everything else that has a key."""
    given: dict[str, Any] = {"tickets": list(tickets), "texts": list(texts)}

    async def rows(query: str) -> list[Any]:
        used = {name: value for name, value in given.items() if f":{name}" in query}
        return list((await session.execute(text(query), used)).all())

    return Memory(
        acts=frozenset((ticket, key) for ticket, key in await rows(ACTS)),
        tickets={number: Status(status) for number, status in await rows(TICKETS)},
        payouts={
            key: KnownPayout(PayoutStatus(status), transfer, attempts, frozenset(entered))
            for key, status, transfer, attempts, entered in await rows(PAYOUTS)
        },
        cards=dict(await rows(CARDS)),
        done_again=dict(await rows(DONE_AGAIN)),
        mails=sorted(key for (key,) in await rows(MAILS)),
        names={what: frozenset(name for (name,) in await rows(query)) for what, query in NAMES.items()},
    )


COUNTED = """
SELECT 'F', year, last FROM invoice_counters
UNION ALL SELECT 'A', year, last FROM credit_note_counters
UNION ALL SELECT 'AF', p.series, c.last FROM statement_counters c JOIN payees p USING (technician_id)
"""


async def counted(session: AsyncSession) -> Highest:
    """The last number of each series, as the database would go on from."""
    found = Highest()
    series = {"F": found.invoices, "A": found.credit_notes, "AF": found.statements}
    for sort, of, last in await session.execute(text(COUNTED)):
        series[sort][of] = last
    last, called = (await session.execute(text("SELECT last_value, is_called FROM ticket_sequence"))).one()
    found.tickets = last if called else last - 1
    return found


async def acts_of_tickets(
    session: AsyncSession, tickets: Collection[str]
) -> dict[str, list[tuple[str, str]]]:
    """(id, key) of what each ticket's own process has journalled, oldest first."""
    query = text(
        "SELECT ticket, id::text, key FROM journal WHERE ticket = ANY(:tickets) "
        "AND NOT act LIKE ANY(:others) ORDER BY recorded_at, id"
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for ticket, line, key in await session.execute(
        query, {"tickets": list(tickets), "others": list(OF_OTHERS)}
    ):
        found.setdefault(ticket, []).append((line, key))
    return found


async def looks(session: AsyncSession) -> tuple[datetime | None, datetime | None]:
    """The newest look at the invariants that is remembered, and when the stores were last found to agree."""
    row = (await session.execute(text("SELECT newest_look, reconciled_at FROM recovery_marks()"))).one()
    return row.newest_look, row.reconciled_at


async def at_work(session: AsyncSession) -> list[str]:
    """The roles of those who are connected and may write: nobody, while the stores are made to agree."""
    query = text(
        "SELECT DISTINCT usename FROM pg_stat_activity "
        "WHERE datname = current_database() AND usename IN ('omea_worker', 'omea_api') ORDER BY 1"
    )
    return list(await session.scalars(query))
