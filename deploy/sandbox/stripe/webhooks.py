"""Deliveries of events: queued with the event, signed, and repeated until they are answered."""

import asyncio
import json
import logging
import math
import ssl
import time
from fnmatch import fnmatchcase
from functools import cache
from sqlite3 import Row

import httpx
import stripe

from deploy.sandbox.stripe.errors import StripeObject
from deploy.sandbox.stripe.expansion import shown
from deploy.sandbox.stripe.settings import DAY_SECONDS, WebhookSwitches
from deploy.sandbox.stripe.store import Store

logger = logging.getLogger(__name__)

# Stripe waits minutes, then hours; here the first repetitions come soon, so that a demo need not wait.
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 3600.0
# Stripe gives up after three days.
GIVE_UP_SECONDS = 3 * DAY_SECONDS
# Deliveries are held until the end of such a window so that those of one window can be turned round.
REORDER_WINDOW_SECONDS = 0.25
TIMEOUT_SECONDS = 10.0
IDLE_SECONDS = 0.05
BATCH = 50


def queue_deliveries(store: Store, event: StripeObject) -> None:
    """One delivery per endpoint that wants this type, as the switches have it."""
    switches = WebhookSwitches.read(store)
    if switches.only and not any(fnmatchcase(event["type"], pattern) for pattern in switches.only):
        switches = WebhookSwitches()
    now = time.time()
    due = now + switches.delay_seconds
    if switches.reorder:
        due = (math.floor(due / REORDER_WINDOW_SECONDS) + 1) * REORDER_WINDOW_SECONDS
    state = "dropped" if switches.drop else "waiting"
    copies = 1 if switches.drop else 1 + switches.duplicate
    for endpoint in store.select("webhook_endpoint"):
        if wants(endpoint, event["type"]):
            store.connection.executemany(
                "INSERT INTO deliveries (event, endpoint, queued, due, state) VALUES (?, ?, ?, ?, ?)",
                [(event["id"], endpoint["id"], now, due, state)] * copies,
            )


def wants(endpoint: StripeObject, type_: str) -> bool:
    return "*" in endpoint["enabled_events"] or type_ in endpoint["enabled_events"]


def signature(payload: str, secret: str) -> str:
    """The `Stripe-Signature` header: HMAC-SHA256 of the moment and the raw body."""
    header: str = stripe.WebhookSignature.generate_signature_header(payload, secret)
    return header


def retry_delay(attempts: int) -> float:
    return min(FIRST_RETRY_SECONDS * 2.0 ** (attempts - 1), LONGEST_RETRY_SECONDS)


async def deliver_for_ever(store: Store) -> None:
    """Sends what is due, until cancelled. A breakdown of one round does not end the next."""
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False, verify=_certificates()) as client:
        while True:
            try:
                sent = await deliver_due(store, client)
            except Exception:
                logger.exception("a round of deliveries broke down")
                sent = 0
            if sent == 0:
                await asyncio.sleep(IDLE_SECONDS)


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: that takes longer than many requests."""
    return ssl.create_default_context()


async def deliver_due(store: Store, client: httpx.AsyncClient) -> int:
    """One round: endpoints side by side, the deliveries of one endpoint one after the other."""
    order = "DESC" if WebhookSwitches.read(store).reorder else "ASC"
    rows = store.connection.execute(
        "SELECT * FROM deliveries WHERE state = 'waiting' AND due <= ? "  # noqa: S608
        f"ORDER BY due, sequence {order} LIMIT ?",
        (time.time(), BATCH),
    ).fetchall()
    by_endpoint: dict[str, list[Row]] = {}
    for row in rows:
        by_endpoint.setdefault(row["endpoint"], []).append(row)
    await asyncio.gather(*(_deliver_all(store, client, waiting) for waiting in by_endpoint.values()))
    return len(rows)


async def _deliver_all(store: Store, client: httpx.AsyncClient, waiting: list[Row]) -> None:
    for delivery in waiting:
        endpoint = store.find("webhook_endpoint", delivery["endpoint"])
        if endpoint is None:
            _record(store, delivery, "abandoned", "point de réception supprimé")
            continue
        await _deliver(store, client, delivery, endpoint)


async def _deliver(store: Store, client: httpx.AsyncClient, delivery: Row, endpoint: StripeObject) -> None:
    event = store.find("event", delivery["event"])
    payload = json.dumps(shown(store, event or {}, int(time.time())), indent=2)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(payload, store.private(endpoint["id"])["secret"]),
        "User-Agent": "Stripe/1.0 (sandbox)",
    }
    try:
        answer = await client.post(endpoint["url"], content=payload.encode(), headers=headers)
        outcome = f"HTTP {answer.status_code}"
        delivered = answer.is_success
    except httpx.HTTPError as error:
        outcome = type(error).__name__
        delivered = False
    if delivered:
        _record(store, delivery, "delivered", outcome)
    elif time.time() - delivery["queued"] > GIVE_UP_SECONDS:
        _record(store, delivery, "abandoned", outcome)
    else:
        _record(store, delivery, "waiting", outcome)


def _record(store: Store, delivery: Row, state: str, outcome: str) -> None:
    attempts = delivery["attempts"] + 1
    store.connection.execute(
        "UPDATE deliveries SET state = ?, outcome = ?, attempts = ?, due = ? WHERE sequence = ?",
        (state, outcome, attempts, time.time() + retry_delay(attempts), delivery["sequence"]),
    )
