"""A bank as a process of its own, with accounts and a calendar that a test moves."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from activities.gateways.bank_answers import read_bank_answers
from deploy.sandbox.ports import free_port
from domain.bank_transfers import BankAnswer
from tests.support.outside import outside

# Accounts it holds from the start: one with money on it, and one that is closed.
OURS, CLOSED = "ACME", "INITECH"


@dataclass(frozen=True)
class Bank:
    url: str

    def iban(self, account: str) -> str:
        return str(outside.get(f"{self.url}/_mock/accounts/{account}").raise_for_status().json()["iban"])

    def change(self, **fields: Any) -> None:
        """Our account: `behaviour` and its `parameters` (what becomes of transfers), `closed`, `balance`."""
        outside.patch(f"{self.url}/_mock/accounts/{OURS}", json=fields).raise_for_status()

    def take(self, file: bytes) -> int:
        """Our file handed in; the HTTP status of its answer: 202, or 422 if it is refused as a whole."""
        return outside.post(
            f"{self.url}/payments", content=file, headers={"Content-Type": "application/xml"}
        ).status_code

    def pay_in(self, reference: str, cents: int) -> None:
        """Somebody else sends us money, under an end-to-end id of theirs."""
        body = {"account": OURS, "amount": cents, "end_to_end_id": reference}
        outside.post(f"{self.url}/_mock/credits", json=body).raise_for_status()

    def advance_to(self, day: str) -> None:
        """To the beginning of that day: what is due by then happens, each on its own day."""
        outside.post(f"{self.url}/_mock/advance", params={"to": day}).raise_for_status()

    def messages(self) -> list[tuple[str, bytes]]:
        """Kind and body of what the bank has sent us since the last time, oldest first: not the statements
        of its other customers."""
        sent = outside.get(f"{self.url}/_mock/mailbox").raise_for_status().json()
        ours = [one for one in sent if one["account"] in (OURS, None)]
        return [(one["type"], one["body"].encode()) for one in ours]

    def answers(self) -> list[tuple[str, tuple[BankAnswer, ...]]]:
        """The same as we read it."""
        return [(kind[:8], read_bank_answers(body)) for kind, body in self.messages()]


@contextmanager
def running_bank(clock: str) -> Iterator[Bank]:
    """`clock` is the bank's own time at the start, in Paris: `YYYY-MM-DDTHH:MM`. Its day for payments ends at
    15:00; it keeps everything in memory."""
    port = free_port()
    arguments = ["--port", str(port), "--timezone", "Europe/Paris", "--clock", clock, "--quiet"]
    server = subprocess.Popen([sys.executable, "-m", "mockbank", *arguments])
    bank = Bank(f"http://127.0.0.1:{port}")
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                outside.get(f"{bank.url}/_mock/health", timeout=1)
                break
            except httpx.TransportError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise
                time.sleep(0.05)
        yield bank
    finally:
        server.kill()
        server.wait()
