"""AnyDesk's sandbox as a process of its own, and requests to it signed here, apart from our adapter."""

import base64
import hashlib
import hmac
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from deploy.sandbox.ports import free_port
from tests.support.outside import outside

LICENCE = "1438129266231705"
API_KEY = "the-key-of-the-tests"
CLIENT = 123_456_789
TECHNICIAN = 987_654_321


def signed(
    method: str,
    resource: str,
    body: bytes = b"",
    *,
    licence: str = LICENCE,
    key: str = API_KEY,
    at: float | None = None,
) -> dict[str, str]:
    """The header by the four lines of AnyDesk's own module."""
    stamp = str(int(time.time() if at is None else at))
    hashed = base64.b64encode(hashlib.sha1(body).digest()).decode()  # noqa: S324  # AnyDesk's choice
    lines = f"{method}\n{resource}\n{stamp}\n{hashed}"
    token = base64.b64encode(hmac.digest(key.encode(), lines.encode(), "sha1")).decode()
    return {"Authorization": f"AD {licence}:{stamp}:{token}"}


def a_session(
    sid: int, start: datetime, end: datetime | None, *, caller: int = TECHNICIAN, called: int = CLIENT
) -> dict[str, Any]:
    session = {"sid": sid, "from": {"cid": caller}, "to": {"cid": called}}
    times = {"start-time": int(start.timestamp()), "end-time": end and int(end.timestamp())}
    return session | times


@dataclass(frozen=True)
class AnyDeskSandbox:
    url: str
    server: subprocess.Popen[bytes]

    def add(self, *sessions: dict[str, Any]) -> None:
        outside.post(f"{self.url}/_sandbox/sessions", json=sessions).raise_for_status()

    def ask(self, method: str, resource: str, body: bytes = b"", **signing: Any) -> httpx.Response:
        headers = signed(method, resource, body, **signing)
        return outside.request(method, f"{self.url}{resource}", content=body, headers=headers)


@contextmanager
def running_anydesk() -> Iterator[AnyDeskSandbox]:
    port = free_port()
    arguments = ["--port", str(port), "--license", LICENCE, "--api-key", API_KEY]
    server = subprocess.Popen([sys.executable, "-m", "deploy.sandbox.anydesk", *arguments])
    sandbox = AnyDeskSandbox(f"http://127.0.0.1:{port}", server)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                outside.get(f"{sandbox.url}/sessions", timeout=1)
                break
            except httpx.TransportError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise
                time.sleep(0.05)
        yield sandbox
    finally:
        server.kill()
        server.wait()
