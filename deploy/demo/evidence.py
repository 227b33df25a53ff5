"""What is compared: everything read again, from the API as each person sees it and from Stripe itself."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from activities.documents.reading import read_inside
from deploy.demo.frontend import Frontend, patiently
from domain.opening_hours import paris_month

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Evidence:
    """`tickets` as the back office sees them; `invoices`, `gains` and `statements` as the client, the
    technician and finance see theirs; `documents` are the invoices' PDFs as the client downloads them: the
    hash of the bytes and the one stored, the number and the total inside; `ledger` maps an account to its
    balance in cents (debit positive); `intents`, `balance_transactions` and `transfers` are Stripe's own
    objects."""

    tickets: Rows
    invoices: Rows
    documents: Rows
    gains: Rows
    statements: Rows
    ledger: dict[str, int]
    intents: Rows
    balance_transactions: Rows
    transfers: Rows


@dataclass(frozen=True)
class Readers:
    """Those through whose eyes things are read; technicians by id, clients by id."""

    back_office: Frontend
    finance: Frontend
    technicians: dict[str, Frontend]
    clients: dict[str, Frontend]


async def gather(readers: Readers, stripe: httpx.AsyncClient) -> Evidence:
    numbers = [ticket["number"] for ticket in await readers.back_office.everything("/v1/tickets", "tickets")]
    tickets = [await readers.back_office.get(f"/v1/tickets/{number}") for number in numbers]
    months = _months(tickets)
    balance = await readers.finance.get("/v1/ledger")
    return Evidence(
        tickets=tickets,
        invoices=[
            await readers.clients[ticket["client"]["id"]].get(f"/v1/tickets/{ticket['number']}/invoice")
            for ticket in tickets
            if ticket["invoice"] is not None
        ],
        documents=[
            await _document(readers.clients[ticket["client"]["id"]], ticket["invoice"])
            for ticket in tickets
            if ticket["invoice"] is not None and ticket["invoice"]["document"] is not None
        ],
        gains=[
            {**gain, "technician_id": technician_id}
            for technician_id, technician in readers.technicians.items()
            for month in months
            for gain in (await technician.get("/v1/me/gains", month=month))["gains"]
        ],
        statements=[
            statement
            for month in months
            for statement in (await readers.finance.get(f"/v1/payouts/{month}"))["statements"]
        ],
        ledger={row["account"]: row["balance_cents"] for row in balance["accounts"] if row["balance_cents"]},
        intents=await _all_of(stripe, "/v1/payment_intents"),
        balance_transactions=await _all_of(stripe, "/v1/balance_transactions"),
        transfers=await _all_of(stripe, "/v1/transfers"),
    )


async def _document(client: Frontend, invoice: dict[str, Any]) -> dict[str, Any]:
    answer = await client.download(invoice["document"])
    inside = read_inside(answer.content)
    return {
        "invoice": invoice["number"],
        "number": inside.number,
        "total_ttc_cents": inside.total_ttc_cents,
        "sha256": hashlib.sha256(answer.content).hexdigest(),
        "stored_sha256": answer.headers["etag"].strip('"'),
    }


def _months(tickets: Rows) -> list[str]:
    """From the month of the first ticket to the one of now: gains and payouts fall in one of them."""
    instants = [datetime.fromisoformat(ticket["opened_at"]) for ticket in tickets]
    instants += [
        datetime.fromisoformat(ticket["gain"]["accepted_at"]) for ticket in tickets if ticket["gain"]
    ]
    # A run of a new month pays what was accepted in the last hours of the old one.
    return sorted({paris_month(instant) for instant in instants} | {paris_month(datetime.now().astimezone())})


async def _all_of(stripe: httpx.AsyncClient, path: str) -> Rows:
    rows: Rows = []
    query: dict[str, Any] = {"limit": 100}
    while True:
        page = (await patiently(stripe, "GET", path, params=query)).raise_for_status().json()
        rows += page["data"]
        if not page["has_more"]:
            return rows
        query["starting_after"] = page["data"][-1]["id"]
