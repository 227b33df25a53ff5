"""Refunds of charges, whole or in part. Stripe keeps its fee."""

from typing import Never

from deploy.sandbox.stripe import chargebacks, lists, metadata, payment_methods, refund_courses
from deploy.sandbox.stripe.amounts import euros, positive_amount
from deploy.sandbox.stripe.balance import sums
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.cards import RefundCourse
from deploy.sandbox.stripe.errors import RequestRefused, StripeObject
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import new_id

SIMULATED = ("amount", "charge", "expand", "metadata", "payment_intent", "reason")


def create(call: Call) -> StripeObject:
    charge = _charge(call)
    dispute = _dispute(call, charge)
    amount = _amount(call, charge)
    available, _ = sums(call.store, call.now)
    funded = available >= amount
    if not funded and not call.settings.refunds_wait_for_funds:
        raise RequestRefused(
            "Insufficient funds in your Stripe balance to refund this amount.", code="balance_insufficient"
        )
    refund = _new_refund(call, charge, amount)
    if funded:
        refund_courses.take_money(call, refund)
        _send(call, refund)
    else:
        refund |= {"pending_reason": "insufficient_funds", "status": "pending"}
        call.store.schedule("refund_funds", refund["id"], call.now + refund_courses.FUNDS_SECONDS)
    call.store.insert(refund)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.store.save(charge)
    record_event(call, "refund.created", refund)
    record_event(call, "charge.refunded", charge)
    if dispute is not None and charge["refunded"]:
        chargebacks.lose(call, dispute)
    return refund


def retrieve(call: Call) -> StripeObject:
    return call.named("refund", "refund")


def list_refunds(call: Call) -> StripeObject:
    fields = {name: call.get(name) for name in ("charge", "payment_intent")}
    return lists.page(call, "refund", "/v1/refunds", **fields)


def update(call: Call) -> StripeObject:
    refund = call.named("refund", "refund")
    previous = {"metadata": refund["metadata"]}
    refund["metadata"] = metadata.merged(refund["metadata"], call.get("metadata"))
    call.store.save(refund)
    refund_courses.record_update(call, refund, previous)
    return refund


def cancel(call: Call) -> Never:
    """Only refunds that wait for the customer can be canceled, and those to cards never do."""
    call.named("refund", "refund")
    raise RequestRefused("Canceling this refund is unsupported.")


def _charge(call: Call) -> StripeObject:
    charge = call.given("charge", "charge")
    if intent := call.given("payment_intent", "payment_intent"):
        if intent["status"] != "succeeded":
            raise _nothing_paid(intent["id"])
        charge = call.store.find("charge", intent["latest_charge"])
    if charge is None:
        raise RequestRefused(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    if charge["status"] != "succeeded":
        raise _nothing_paid(charge["payment_intent"])
    return charge


def _nothing_paid(intent: str) -> RequestRefused:
    return RequestRefused(
        f"This PaymentIntent ({intent}) does not have a successful charge to refund.", param="payment_intent"
    )


def _dispute(call: Call, charge: StripeObject) -> StripeObject | None:
    """The open inquiry that a whole refund ends. A charge that was charged back is not refunded."""
    for dispute in call.store.select("dispute", charge=charge["id"]):
        if not dispute["is_charge_refundable"]:
            raise RequestRefused(
                f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
            )
        if dispute["status"] not in chargebacks.CLOSED:
            return dispute
    return None


def _amount(call: Call, charge: StripeObject) -> int:
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
    return amount


def _send(call: Call, refund: StripeObject) -> None:
    """As the card has it: a test card's refund may take a while, or come back."""
    course = payment_methods.behaviour(call.store, refund["payment_method"]).refund
    due = call.now + call.settings.bank_seconds
    if course is RefundCourse.PENDING_FIRST:
        refund |= {"pending_reason": "processing", "status": "pending"}
        call.store.schedule("refund_success", refund["id"], due)
    elif course is RefundCourse.FAILS_LATER:
        call.store.schedule("refund_failure", refund["id"], due)


def _new_refund(call: Call, charge: StripeObject, amount: int) -> StripeObject:
    card = {
        "reference_status": "pending",
        "reference_type": "acquirer_reference_number",
        "type": "refund",
    }
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": {"card": card, "type": "card"},
        "metadata": metadata.merged(None, call.get("metadata")),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": call.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
