"""What becomes of a refund after it was asked for: it succeeds, waits for money, or fails and comes back."""

from deploy.sandbox.stripe.balance import record_transaction, sums
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import RequestRefused, StripeObject
from deploy.sandbox.stripe.events import record_event

# How often a refund that waits for money looks for it.
FUNDS_SECONDS = 0.5
DISPUTED = "charge_for_pending_refund_disputed"
EXPIRED_CARD = "expired_or_canceled_card"
# The reasons that Stripe's description of a refund names.
FAILURE_REASONS = (DISPUTED, "declined", EXPIRED_CARD, "lost_or_stolen_card", "merchant_request", "unknown")


def take_money(call: Call, refund: StripeObject) -> None:
    transaction = record_transaction(
        call, "refund", -refund["amount"], refund["id"], description="REFUND FOR CHARGE"
    )
    refund["balance_transaction"] = transaction["id"]


def succeed(call: Call, refund: StripeObject) -> None:
    """A pending refund whose money has left."""
    if refund["status"] == "pending":
        _become(call, refund, status="succeeded")
        record_update(call, refund, {"status": "pending"})


def pay_when_funded(call: Call, refund: StripeObject) -> None:
    """Looks for the money again and again, until it is there or the refund has failed."""
    if refund["status"] != "pending":
        return
    available, _ = sums(call.store, call.now)
    if available < refund["amount"]:
        call.store.schedule("refund_funds", refund["id"], call.now + FUNDS_SECONDS)
        return
    take_money(call, refund)
    succeed(call, refund)


def fail(call: Call, refund: StripeObject, reason: str = EXPIRED_CARD) -> StripeObject:
    """The card's bank sends the money back; the charge may be refunded again. Raises `RequestRefused`."""
    if refund["status"] not in ("pending", "succeeded"):
        raise RequestRefused(f"{refund['id']} has failed already.")
    previous = {"status": refund["status"]}
    if refund["balance_transaction"] is not None:
        transaction = record_transaction(
            call, "refund_failure", refund["amount"], refund["id"], description="REFUND FAILURE"
        )
        refund["failure_balance_transaction"] = transaction["id"]
    _become(call, refund, status="failed", failure_reason=reason)
    charge = call.store.find("charge", refund["charge"]) or {}
    charge["amount_refunded"] -= refund["amount"]
    call.store.save(charge | {"refunded": False})
    record_update(call, refund, previous)
    record_event(call, "refund.failed", refund)
    return refund


def fail_those_pending(call: Call, charge: str) -> None:
    """A chargeback overtakes the refunds that were on their way."""
    for refund in call.store.select("refund", charge=charge, status="pending"):
        fail(call, refund, DISPUTED)


def record_update(call: Call, refund: StripeObject, previous: StripeObject) -> None:
    """Both names that Stripe gives the event."""
    record_event(call, "refund.updated", refund, previous=previous)
    record_event(call, "charge.refund.updated", refund, previous=previous)


def _become(call: Call, refund: StripeObject, **changes: str) -> None:
    refund.pop("pending_reason", None)
    call.store.save(refund | changes)
    refund |= changes
