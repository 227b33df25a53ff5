"""Stripe's notices, checked and reduced to ids. What they say happened is then read from Stripe itself.

The scheme (https://docs.stripe.com/webhooks/signature): header `t=<unix time>,v1=<hex>[,v1=…]`, each `v1`
the HMAC-SHA256 of `<t>.<raw body>`. Written out here because the SDK's own check takes one secret and lets
a notice of the future pass.
"""

import hashlib
import hmac
import json
import time

from activities.gateways.payments import ProviderEvent
from activities.gateways.stripe_ids import event_of

# Stripe's own figure: an older notice may be a recorded one, sent again. A clock ahead of ours is as odd.
TOLERANCE_SECONDS = 300


def verify(
    payload: bytes, signature: str, secrets: tuple[str, ...], *, now: float | None = None
) -> ProviderEvent | None:
    """The notice, or None unless it is one of Stripe's signed with any of `secrets` less than five minutes
    ago. `payload` is the body as it came, `signature` its `Stripe-Signature` header."""
    parts = [part.strip().partition("=") for part in signature.split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    if len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit() and len(stamps[0]) < 16):
        return None
    if abs((time.time() if now is None else now) - int(stamps[0])) > TOLERANCE_SECONDS:
        return None
    given = [value.encode() for name, _, value in parts if name == "v1"]
    message = stamps[0].encode() + b"." + payload
    for secret in filter(None, secrets):
        expected = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest().encode()
        if any(hmac.compare_digest(expected, value) for value in given):
            return _event(payload)
    return None


def _event(payload: bytes) -> ProviderEvent | None:
    """Signed, so Stripe's; still, a kind of notice whose shape we do not know is not one of ours."""
    try:
        return event_of(json.loads(payload))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
