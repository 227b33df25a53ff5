"""The dashboard: what the sandbox holds, newest first, for a person to read."""

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from deploy.sandbox.stripe import french
from deploy.sandbox.stripe.balance import sums
from deploy.sandbox.stripe.errors import StripeObject
from deploy.sandbox.stripe.execution import Sandbox
from deploy.sandbox.stripe.expansion import shown
from deploy.sandbox.stripe.settings import Settings, WebhookSwitches
from deploy.sandbox.stripe.store import Store
from deploy.sandbox.stripe.templating import render

ROWS = 50
KINDS = {
    "payments": "payment_intent",
    "transfers": "transfer",
    "refunds": "refund",
    "movements": "balance_transaction",
    "accounts": "account",
    "customers": "customer",
    "sessions": "checkout.session",
}


async def page(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    store = sandbox.store
    now = int(time.time())
    available, pending = sums(store, now)
    return render(
        request,
        "dashboard.html",
        now=now,
        available=available,
        pending=pending,
        events=_events(store),
        switches=WebhookSwitches.read(store).model_dump() | Settings.read(store).model_dump(),
        statuses=french.STATUSES,
        names=french.MOVEMENTS,
        refusal=french.refusal,
        rows=ROWS,
        newest={name: _newest(store, kind, now) for name, kind in KINDS.items()},
    )


def _newest(store: Store, kind: str, now: int) -> list[StripeObject]:
    return [shown(store, object_, now) for object_ in store.select_where(kind, [], limit=ROWS)]


def _events(store: Store) -> list[dict[str, Any]]:
    """The newest events with the state of their deliveries."""
    return [
        {
            "event": event,
            "deliveries": store.connection.execute(
                "SELECT state, attempts, outcome, due FROM deliveries WHERE event = ? ORDER BY sequence",
                (event["id"],),
            ).fetchall(),
        }
        for event in store.select_where("event", [], limit=ROWS)
    ]
