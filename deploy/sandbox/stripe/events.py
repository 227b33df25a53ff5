"""Events: what happened, with a picture of the object as it was then."""

import json

from deploy.sandbox.stripe import lists
from deploy.sandbox.stripe.api_version import API_VERSION
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject
from deploy.sandbox.stripe.identifiers import new_id
from deploy.sandbox.stripe.store import Condition
from deploy.sandbox.stripe.webhooks import queue_deliveries


def record_event(
    call: Call,
    type_: str,
    object_: StripeObject,
    *,
    account: str | None = None,
    previous: StripeObject | None = None,
) -> None:
    """Keeps the event and queues its deliveries, in the transaction of what it tells.

    `previous` holds the former values of the fields that changed.
    """
    event: StripeObject = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": call.now,
        "data": _data(object_, previous),
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
        "type": type_,
    }
    if account is not None:
        event["account"] = account
    call.store.insert(event)
    queue_deliveries(call.store, event)


def _data(object_: StripeObject, previous: StripeObject | None) -> StripeObject:
    data: StripeObject = {"object": json.loads(json.dumps(object_))}
    return data if previous is None else data | {"previous_attributes": previous}


def retrieve(call: Call) -> StripeObject:
    return call.named("event", "id")


def list_events(call: Call) -> StripeObject:
    if "type" in call.parameters and "types" in call.parameters:
        raise InvalidParameter("You may only specify one of `type` and `types`.", param="types")
    patterns = call.get("types", [call.get("type")] if "type" in call.parameters else [])
    return lists.page(call, "event", "/v1/events", *_types(patterns), *_delivery(call))


def _types(patterns: list[str]) -> list[Condition]:
    """`charge.*` stands for all that begin with `charge.`."""
    if not patterns:
        return []
    return [
        (
            "EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE body ->> '$.type' GLOB wanted.value)",
            json.dumps(patterns),
        )
    ]


def _delivery(call: Call) -> list[Condition]:
    """`delivery_success`: whether every delivery of the event was answered."""
    if "delivery_success" not in call.parameters:
        return []
    answered = (
        "NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.event = objects.id"
        " AND deliveries.state <> 'delivered')"
    )
    return [(f"({answered}) = ?", int(call.get("delivery_success")))]
