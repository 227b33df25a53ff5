"""The Stripe sandbox as a process of its own, and the real adapter on it."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import stripe

from deploy.sandbox.ports import free_port
from tests.support.outside import outside

API_KEY = "sk_test_sandbox"
WEBHOOK_SECRET = "whsec_sandbox_of_the_tests"


def refused_by_stripe(code: str) -> stripe.InvalidRequestError:
    """As the SDK raises it, for what the sandbox never refuses."""
    return stripe.InvalidRequestError("refused", None, code=code)  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class StripeSandbox:
    """`data` is the file in which it keeps everything."""

    url: str
    data: Path

    def play(self, action: str, **what: object) -> dict[str, Any]:
        """What the world does: see `deploy.sandbox.stripe.actions`."""
        answer = outside.post(
            f"{self.url}/_sandbox/actions",
            json={"action": action, **what},
            headers={"Authorization": f"Bearer {API_KEY}"},
        )
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()
        return made

    def forget_keys(self) -> None:
        """As Stripe does after a day."""
        with sqlite3.connect(self.data) as store:
            store.execute("DELETE FROM idempotency_records")

    def forget_everything(self) -> None:
        """As an account that nobody has used. Another process takes a second of the processor to start."""
        with closing(sqlite3.connect(self.data)) as store, store:
            tables = store.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
            for (table,) in tables:
                store.execute(f"DELETE FROM {table}")

    def balance_transactions(self) -> list[dict[str, object]]:
        answer = outside.get(
            f"{self.url}/v1/balance_transactions",
            params={"limit": 100},
            headers={"Authorization": f"Bearer {API_KEY}"},
        )
        answer.raise_for_status()
        return list(answer.json()["data"])


@contextmanager
def running_stripe(
    directory: Path, *, webhook_url: str | None = None, port: int | None = None
) -> Iterator[StripeSandbox]:
    number = port or free_port()
    data = directory / "stripe.sqlite"
    arguments = ["--port", str(number), "--data", str(data), "--api-key", API_KEY]
    if webhook_url:
        arguments += ["--webhook-url", webhook_url, "--webhook-secret", WEBHOOK_SECRET]
    server = subprocess.Popen([sys.executable, "-m", "deploy.sandbox.stripe", *arguments])
    url = f"http://127.0.0.1:{number}"
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                outside.get(f"{url}/v1/balance", timeout=1)
                break
            except httpx.TransportError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise
                time.sleep(0.05)
        yield StripeSandbox(url, data)
    finally:
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
