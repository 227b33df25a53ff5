"""Refunds of charges, whole or in part. Stripe keeps its fee."""

from deploy.sandbox.stripe import lists, metadata
from deploy.sandbox.stripe.amounts import euros, positive_amount
from deploy.sandbox.stripe.balance import record_transaction, require_available
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import InvalidParameter, RequestRefused, StripeObject, missing_parameter
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import new_id

SIMULATED = ("amount", "charge", "expand", "metadata", "payment_intent", "reason")


def create(call: Call) -> StripeObject:
    charge = _charge(call)
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise RequestRefused(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    amount = positive_amount(call.get("amount", left))
    if amount > left:
        raise RequestRefused(
            f"Refund amount ({euros(amount)}) is greater than unrefunded amount on charge ({euros(left)})",
            param="amount",
        )
    require_available(call, amount)
    refund = _new_refund(call, charge, amount)
    transaction = record_transaction(call, "refund", -amount, refund["id"], description="REFUND FOR CHARGE")
    refund["balance_transaction"] = transaction["id"]
    call.store.insert(refund)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.store.save(charge)
    record_event(call, "refund.created", refund)
    record_event(call, "charge.refunded", charge)
    return refund


def retrieve(call: Call) -> StripeObject:
    return call.named("refund", "refund")


def list_refunds(call: Call) -> StripeObject:
    fields = {name: call.get(name) for name in ("charge", "payment_intent")}
    return lists.page(call, "refund", "/v1/refunds", **fields)


def _charge(call: Call) -> StripeObject:
    charge = call.given("charge", "charge")
    if intent := call.given("payment_intent", "payment_intent"):
        if intent["status"] != "succeeded":
            raise RequestRefused(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                param="payment_intent",
            )
        charge = call.store.find("charge", intent["latest_charge"])
    if charge is None:
        raise missing_parameter("payment_intent")
    if charge["status"] != "succeeded":
        raise InvalidParameter(
            f"Charge {charge['id']} did not succeed: there is nothing to refund.", param="charge"
        )
    return charge


def _new_refund(call: Call, charge: StripeObject, amount: int) -> StripeObject:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "destination_details": {"card": {"type": "pending"}, "type": "card"},
        "metadata": metadata.merged(None, call.get("metadata")),
        "payment_intent": charge["payment_intent"],
        "reason": call.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
