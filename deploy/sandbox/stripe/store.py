"""Everything the sandbox remembers, in one SQLite file.

One connection, used from one thread, and never across an `await`: a transaction is therefore alone,
and what a request changes is committed together with its idempotency record and its queued events.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.sandbox.stripe.errors import StripeObject

# A piece of SQL with one placeholder, and its value.
Condition = tuple[str, Any]

SCHEMA = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")


class Store:
    def __init__(self, path: Path | str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.row_factory = sqlite3.Row
        # WAL with NORMAL survives the death of the process, which is what the sandbox promises.
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.executescript(SCHEMA)

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undoes what a failed request did, and leaves the transaction open to remember its answer."""
        self.connection.execute("SAVEPOINT request")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO request")
            raise
        finally:
            self.connection.execute("RELEASE request")

    def insert(self, object_: StripeObject, private: Mapping[str, Any] | None = None) -> StripeObject:
        self.connection.execute(
            "INSERT INTO objects (id, object, created, body, private) VALUES (?, ?, ?, ?, ?)",
            (
                object_["id"],
                object_["object"],
                object_.get("created", 0),
                json.dumps(object_),
                json.dumps(dict(private or {})),
            ),
        )
        return object_

    def save(self, object_: StripeObject) -> StripeObject:
        self.connection.execute(
            "UPDATE objects SET body = ? WHERE id = ?", (json.dumps(object_), object_["id"])
        )
        return object_

    def remember(self, id_: str, **private: Any) -> None:
        """What Stripe knows about an object and does not show: the card's behaviour, for example."""
        self.connection.execute(
            "UPDATE objects SET private = ? WHERE id = ?", (json.dumps(self.private(id_) | private), id_)
        )

    def private(self, id_: str) -> dict[str, Any]:
        row = self.connection.execute("SELECT private FROM objects WHERE id = ?", (id_,)).fetchone()
        known: dict[str, Any] = json.loads(row["private"])
        return known

    def schedule(self, kind: str, object_id: str, due: float) -> None:
        """What `bank.py` carries out at that moment (seconds since 1970)."""
        self.connection.execute(
            "INSERT INTO scheduled (due, kind, object) VALUES (?, ?, ?)", (due, kind, object_id)
        )

    def find(self, object_: str, id_: str) -> StripeObject | None:
        row = self.connection.execute(
            "SELECT body FROM objects WHERE id = ? AND object = ?", (id_, object_)
        ).fetchone()
        return None if row is None else _decoded(row)

    def delete(self, id_: str) -> None:
        self.connection.execute("DELETE FROM objects WHERE id = ?", (id_,))

    def select(self, object_: str, **fields: Any) -> list[StripeObject]:
        """All objects of a kind whose fields have these values, newest first."""
        conditions = [(f"body ->> '$.{field}' = ?", value) for field, value in fields.items()]
        return self.select_where(object_, conditions)

    def select_where(
        self, object_: str, conditions: Sequence[Condition], *, oldest_first: bool = False, limit: int = -1
    ) -> list[StripeObject]:
        where = "".join(f" AND {condition}" for condition, _ in conditions)
        order = "ASC" if oldest_first else "DESC"
        rows = self.connection.execute(
            f"SELECT body FROM objects WHERE object = ?{where} ORDER BY sequence {order} LIMIT ?",  # noqa: S608
            (object_, *(value for _, value in conditions), limit),
        )
        return [_decoded(row) for row in rows]


def _decoded(row: sqlite3.Row) -> StripeObject:
    body: StripeObject = json.loads(row["body"])
    return body
