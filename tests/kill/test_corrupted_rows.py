"""One row changed behind the product's back, in any of the stores, is a disagreement that the check tells."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest

from deploy.demo import main as demo
from deploy.sandbox.postgres import database_url
from deploy.stack import Stack
from tests.kill.conftest import Demonstration
from tests.kill.table import stripe_file

pytestmark = pytest.mark.soak


@dataclass(frozen=True)
class Row:
    """`statement` adds so many cents to one row, or takes them away again; `told` is how the disagreement
    that it causes begins."""

    statement: str
    told: str


ADD = "SET body = json_set(body, '$.{0}', body ->> '$.{0}' + :cents)"
FIRST = "WHERE sequence = (SELECT min(sequence) FROM objects WHERE object = '{0}'"
OURS = {
    "an invoice's total": Row(
        """
        UPDATE invoices SET total_ht_cents = total_ht_cents + %(cents)s,
                            total_ttc_cents = total_ttc_cents + %(cents)s
        WHERE number = (SELECT min(number) FROM invoices)
        """,
        "facture F",
    ),
    "a gain": Row(
        """
        UPDATE gains SET amount_cents = amount_cents + %(cents)s
        WHERE id = (SELECT gain_id FROM gain_claims ORDER BY gain_id LIMIT 1)
        """,
        "demande ",
    ),
    "a ledger line": Row(
        """
        UPDATE ledger_lines SET amount_cents = amount_cents + %(cents)s
        WHERE (transaction, line) = (SELECT transaction, line FROM ledger_lines WHERE account = '706'
                                     ORDER BY transaction LIMIT 1)
        """,
        "compte 706 ",
    ),
    "a payout's total": Row(
        """
        UPDATE statements SET total_cents = total_cents + %(cents)s
        WHERE key = (SELECT key FROM payouts WHERE status = 'paid' ORDER BY key LIMIT 1)
        """,
        "relevé payout:",
    ),
}
STRIPES = {
    "what a card was charged": Row(
        f"UPDATE objects {ADD.format('amount_received')} {FIRST.format('payment_intent')})", "facture F"
    ),
    "what a charge brought in": Row(
        f"UPDATE objects {ADD.format('net')} {FIRST.format('balance_transaction')})", "compte 5112 "
    ),
    "a transfer": Row(f"UPDATE objects {ADD.format('amount')} {FIRST.format('transfer')})", "relevé payout:"),
}


def change_ours(stack: Stack, statement: str, cents: int) -> int:
    """As a superuser whom no trigger stops."""
    url = database_url(stack.var / "postgres" / "data", "postgres").replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        return connection.execute(statement.encode(), {"cents": cents}).rowcount


def change_stripes(stack: Stack, statement: str, cents: int) -> int:
    connection = sqlite3.connect(stripe_file(stack))
    try:
        with connection:
            return connection.execute(statement, {"cents": cents}).rowcount
    finally:
        connection.close()


@contextmanager
def changed(change: Callable[[Stack, str, int], int], stack: Stack, row: Row) -> Iterator[None]:
    assert change(stack, row.statement, 6) == 1
    try:
        yield
    finally:
        assert change(stack, row.statement, -6) == 1


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("change", "row"),
    [(change_ours, row) for row in OURS.values()] + [(change_stripes, row) for row in STRIPES.values()],
    ids=[*OURS, *STRIPES],
)
async def test_one_row_changed_in_one_store_is_told(
    change: Callable[[Stack, str, int], int],
    row: Row,
    stack: Stack,
    undisturbed: Demonstration,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with changed(change, stack, row):
        assert await demo.check(stack) == 1
    told = capsys.readouterr().out
    assert f"  – {row.told}" in told
    assert await demo.check(stack) == 0
