"""Every request with its answer, kept for the check against Stripe's description: the newest ones."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from deploy.sandbox.stripe.errors import StripeObject
from deploy.sandbox.stripe.idempotency import Answer
from deploy.sandbox.stripe.parameters import Parameters
from deploy.sandbox.stripe.store import Store

# More than a whole demonstration asks; polling for days must not fill the disk.
KEPT = 20_000


@dataclass(frozen=True)
class RecordedCall:
    method: str
    path: str
    # As they came: texts in dicts and lists.
    parameters: Parameters
    status: int
    body: StripeObject


def record(store: Store, method: str, path: str, parameters: Parameters, answer: Answer) -> None:
    cursor = store.connection.execute(
        "INSERT INTO calls (at, method, path, parameters, status, body) VALUES (?, ?, ?, ?, ?, ?)",
        (time.time(), method, path, json.dumps(parameters), answer.status, json.dumps(answer.body)),
    )
    store.connection.execute("DELETE FROM calls WHERE sequence <= ?", ((cursor.lastrowid or 0) - KEPT,))


def recorded_calls(store: Store) -> Iterator[RecordedCall]:
    """Oldest first."""
    for row in store.connection.execute("SELECT * FROM calls ORDER BY sequence"):
        yield RecordedCall(
            row["method"], row["path"], json.loads(row["parameters"]), row["status"], json.loads(row["body"])
        )
