"""Starts the sandbox: in a thread for most tests, in a process of its own where it is to be killed."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import stripe
import uvicorn

from deploy.sandbox.stripe.app import create_app

API_KEY = "sk_test_sandbox"
WEBHOOK_SECRET = "whsec_sandbox"

# What a person's browser does. Blocking is fine: the server runs in a thread or process of its own.
_browser = httpx.Client()
visit = _browser.get
submit = _browser.post


@cache
def _http_of_the_sdk() -> stripe.HTTPXClient:
    """One for all tests: making one takes longer than most tests."""
    return stripe.HTTPXClient(timeout=20)


@dataclass(frozen=True)
class Running:
    url: str
    data: Path

    def client(self, api_key: str = API_KEY) -> stripe.StripeClient:
        """The SDK, unmodified."""
        return stripe.StripeClient(
            api_key,
            base_addresses={
                "api": self.url,
                "files": self.url,
                "connect": self.url,
                "meter_events": self.url,
            },
            max_network_retries=0,
            http_client=_http_of_the_sdk(),
        )

    def switch(self, group: str, **switches: Any) -> dict[str, Any]:
        answer = submit(f"{self.url}/_sandbox/{group}", json=switches, headers=authorization())
        answer.raise_for_status()
        read: dict[str, Any] = answer.json()
        return read

    def act(self, action: str, **details: Any) -> dict[str, Any]:
        """What the world does; a refusal raises `httpx.HTTPStatusError`."""
        body = {"action": action, **details}
        answer = submit(f"{self.url}/_sandbox/actions", json=body, headers=authorization())
        answer.raise_for_status()
        changed: dict[str, Any] = answer.json()
        return changed


def authorization(api_key: str = API_KEY) -> dict[str, str]:
    return {"Authorization": f"Bearer {api_key}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def sandbox_in_a_thread(data: Path, webhook_url: str | None = None) -> Iterator[Running]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(data, api_key=API_KEY, url=url, webhook_url=webhook_url, webhook_secret=WEBHOOK_SECRET)
    with served(app, port):
        yield Running(url, data)


@contextmanager
def served(app: Any, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    try:
        yield
    finally:
        # It ends by itself within a moment; no test needs to wait for that.
        server.should_exit = True


def start_process(data: Path, webhook_url: str, port: int) -> tuple[Running, subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "deploy.sandbox.stripe", "--port", str(port), "--data", str(data)]
    command += ["--api-key", API_KEY, "--webhook-url", webhook_url, "--webhook-secret", WEBHOOK_SECRET]
    process = subprocess.Popen(command)
    running = Running(f"http://127.0.0.1:{port}", data)

    def answers() -> bool:
        try:
            return visit(f"{running.url}/dashboard").status_code == 200
        except httpx.HTTPError:
            return False

    wait_until(answers)
    return running, process


def wait_until(condition: Any, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not happen in time")
        time.sleep(0.01)
