"""Idempotency keys: the first answer to a key is the answer, whatever it was."""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from deploy.sandbox.stripe.errors import IdempotencyMismatch, InvalidParameter, KeyInUse, StripeObject
from deploy.sandbox.stripe.settings import Settings
from deploy.sandbox.stripe.store import Store

MAXIMUM_KEY_LENGTH = 255


@dataclass(frozen=True)
class Answer:
    status: int
    body: StripeObject
    request_id: str
    replayed: bool = False
    # Whether the endpoint had begun: an answer to a request that was refused before is not kept.
    remembered: bool = True


@dataclass(frozen=True)
class KeyedRequest:
    """What must be the same for a key to mean the same request."""

    key: str
    path: str
    parameters: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(self.parameters, sort_keys=True).encode()).hexdigest()


def check_length(key: str) -> None:
    if len(key) > MAXIMUM_KEY_LENGTH:
        raise InvalidParameter(f"Idempotency keys are up to {MAXIMUM_KEY_LENGTH} characters long.")


def earlier_answer(store: Store, request: KeyedRequest) -> Answer | None:
    """The answer kept for this key. Raises `IdempotencyMismatch` if it was to another request."""
    lifetime = Settings.read(store).idempotency_lifetime_seconds
    store.connection.execute("DELETE FROM idempotency_records WHERE created <= ?", (time.time() - lifetime,))
    row = store.connection.execute(
        "SELECT * FROM idempotency_records WHERE key = ?", (request.key,)
    ).fetchone()
    if row is None:
        return None
    if row["path"] != request.path:
        raise IdempotencyMismatch(
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{request.path}' vs '{row['path']}'). Try using a key other than '{request.key}' if you meant "
            "to execute a different request."
        )
    if row["fingerprint"] != request.fingerprint:
        raise IdempotencyMismatch(
            "Keys for idempotent requests can only be used with the same parameters they were first used "
            f"with. Try using a key other than '{request.key}' if you meant to execute a different request."
        )
    return Answer(row["status"], json.loads(row["body"]), row["request_id"], replayed=True)


def remember(store: Store, request: KeyedRequest, answer: Answer) -> None:
    store.connection.execute(
        "INSERT INTO idempotency_records (key, path, fingerprint, status, body, request_id, created) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            request.key,
            request.path,
            request.fingerprint,
            answer.status,
            json.dumps(answer.body),
            answer.request_id,
            time.time(),
        ),
    )


class KeysInFlight:
    """Keys of requests being carried out now. They end with the process, as the requests do."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    @contextmanager
    def hold(self, key: str | None) -> Iterator[None]:
        if key is None:
            yield
            return
        if key in self._keys:
            raise KeyInUse(
                "There is currently another in-progress request using this Idempotent Key (that probably "
                f"means you submitted twice, and the other request is still going through): {key}. Please "
                "try again later.",
                code="idempotency_key_in_use",
            )
        self._keys.add(key)
        try:
            yield
        finally:
            self._keys.discard(key)
