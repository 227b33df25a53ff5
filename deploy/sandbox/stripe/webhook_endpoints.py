"""Webhook endpoints: where events are delivered, and the secret that signs them."""

import time

from deploy.sandbox.stripe import lists, metadata
from deploy.sandbox.stripe.api_version import API_VERSION
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import InvalidParameter, StripeObject
from deploy.sandbox.stripe.identifiers import new_id, random_text
from deploy.sandbox.stripe.store import Store

# The endpoint given on the command line: always the same one, whatever its address becomes.
REGISTERED_ENDPOINT = "we_000000000000000000000000"


def create(call: Call) -> StripeObject:
    url = call.get("url")
    if not url.startswith(("http://", "https://")):
        raise InvalidParameter(
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            code="url_invalid",
            param="url",
        )
    endpoint = _endpoint(new_id("we"), url, call.get("enabled_events"), call.now)
    endpoint["description"] = call.get("description")
    endpoint["metadata"] = metadata.merged(None, call.get("metadata"))
    secret = f"whsec_{random_text(32)}"
    call.store.insert(endpoint, {"secret": secret})
    # Stripe shows the secret once, here.
    return endpoint | {"secret": secret}


def list_endpoints(call: Call) -> StripeObject:
    return lists.page(call, "webhook_endpoint", "/v1/webhook_endpoints")


def retrieve(call: Call) -> StripeObject:
    return call.named("webhook_endpoint", "webhook_endpoint")


def delete(call: Call) -> StripeObject:
    endpoint = call.named("webhook_endpoint", "webhook_endpoint")
    call.store.delete(endpoint["id"])
    return {"id": endpoint["id"], "object": "webhook_endpoint", "deleted": True}


def register(store: Store, url: str, secret: str) -> None:
    """The endpoint of the command line, created or moved."""
    with store.transaction():
        endpoint = store.find("webhook_endpoint", REGISTERED_ENDPOINT)
        if endpoint is None:
            endpoint = store.insert(_endpoint(REGISTERED_ENDPOINT, url, ["*"], int(time.time())))
        store.save(endpoint | {"url": url})
        store.remember(REGISTERED_ENDPOINT, secret=secret)


def _endpoint(id_: str, url: str, enabled_events: list[str], now: int) -> StripeObject:
    return {
        "id": id_,
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": None,
        "created": now,
        "description": None,
        "enabled_events": enabled_events,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": url,
    }
