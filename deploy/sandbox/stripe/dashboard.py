"""The dashboard: what the sandbox holds, newest first, and what the world may do to it."""

import time
from typing import Any
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from deploy.sandbox.stripe import french
from deploy.sandbox.stripe.actions import ACTION, carry_out
from deploy.sandbox.stripe.balance import sums
from deploy.sandbox.stripe.errors import StripeError, StripeObject
from deploy.sandbox.stripe.execution import Sandbox
from deploy.sandbox.stripe.expansion import shown
from deploy.sandbox.stripe.settings import Settings, WebhookSwitches
from deploy.sandbox.stripe.store import Store
from deploy.sandbox.stripe.templating import render

ROWS = 50
KINDS = {
    "payments": "payment_intent",
    "disputes": "dispute",
    "payouts": "payout",
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
        reasons=french.REASONS,
        disputable=_disputable(store),
        refusal=french.refusal,
        rows=ROWS,
        newest={name: _newest(store, kind, now) for name, kind in KINDS.items()},
    )


async def act(request: Request) -> Response:
    """A button of the page. Only this page's own: a link or a form of another site does nothing."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return _refused(request, "Cette action se lance depuis le tableau de bord.", 403)
    form = parse_qsl((await request.body()).decode(errors="replace"))
    try:
        carry_out(request.app.state.sandbox, ACTION.validate_python(dict(form)))
    except ValidationError:
        return _refused(request, "Cette action n’existe pas.", 400)
    except StripeError:
        return _refused(request, "L’état a changé entre-temps : cette action n’est plus possible.", 409)
    return RedirectResponse("/dashboard", 303)


def _refused(request: Request, sentence: str, status: int) -> Response:
    return render(request, "message.html", status, title="Action impossible", sentence=sentence)


def _disputable(store: Store) -> set[str]:
    """The payments whose holder may still dispute them."""
    disputed = {dispute["payment_intent"] for dispute in store.select("dispute")}
    return {
        charge["payment_intent"]
        for charge in store.select_where("charge", [], limit=2 * ROWS)
        if charge["status"] == "succeeded"
        and not charge["refunded"]
        and charge["payment_intent"] not in disputed
    }


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
