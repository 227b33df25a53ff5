"""A dispute's course and its money: opened by the holder, decided by the bank.

https://docs.stripe.com/disputes/how-disputes-work. The disputed amount and the fee leave at once in one
balance transaction; won, the amount comes back and the fee does not. The fee for answering is a
transaction of its own, given back if the dispute is won. An inquiry moves no money until it is escalated.
"""

from datetime import UTC, datetime, time, timedelta

from deploy.sandbox.stripe import refund_courses
from deploy.sandbox.stripe.balance import record_transaction
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import RequestRefused, StripeObject
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.evidence import empty_evidence
from deploy.sandbox.stripe.identifiers import new_id

CLOSED = ("lost", "warning_closed", "won")
# The card's network gives the merchant until the end of this day to answer.
DAYS_TO_ANSWER = 8

# The codes of Visa and of Mastercard for each reason that an operator may choose.
NETWORK_CODES = {
    "credit_not_processed": {"visa": "13.6", "mastercard": "4860"},
    "duplicate": {"visa": "12.6", "mastercard": "4834"},
    "fraudulent": {"visa": "10.4", "mastercard": "4837"},
    "general": {},
    "product_not_received": {"visa": "13.1", "mastercard": "4855"},
    "product_unacceptable": {"visa": "13.3", "mastercard": "4853"},
}
_INQUIRY_OF_VISA = "10"


def open_dispute(
    call: Call, charge: StripeObject, reason: str, *, inquiry: bool = False, amount: int | None = None
) -> StripeObject:
    """Of what was not refunded, or of `amount` cents. Raises `RequestRefused`."""
    left = charge["amount"] - charge["amount_refunded"]
    if charge["status"] != "succeeded" or left == 0:
        raise RequestRefused(f"There is nothing to dispute on {charge['id']}.")
    if call.store.select("dispute", charge=charge["id"]):
        raise RequestRefused(f"{charge['id']} has been disputed already.")
    if amount is not None and not 0 < amount <= left:
        raise RequestRefused(f"No more than {left} cents of {charge['id']} may be disputed.")
    dispute = _new_dispute(call, charge, reason, amount or left, inquiry=inquiry)
    call.store.insert(dispute)
    call.store.save(charge | {"disputed": True})
    if inquiry:
        record_event(call, "charge.dispute.created", dispute)
        return dispute
    _withdraw(call, dispute)
    record_event(call, "charge.dispute.created", dispute)
    record_event(call, "charge.dispute.funds_withdrawn", dispute)
    refund_courses.fail_those_pending(call, charge["id"])
    return dispute


def win(call: Call, dispute: StripeObject) -> StripeObject:
    """Of an inquiry: it ends without a chargeback."""
    _require_open(dispute)
    if is_inquiry(dispute):
        return _close(call, dispute, "warning_closed")
    return _give_back(call, dispute)


def overturn(call: Call, dispute: StripeObject) -> StripeObject:
    """The bank changes its mind about one that was lost."""
    if dispute["status"] != "lost":
        raise RequestRefused(f"{dispute['id']} is not lost.")
    return _give_back(call, dispute)


def _give_back(call: Call, dispute: StripeObject) -> StripeObject:
    transaction = record_transaction(
        call,
        "adjustment",
        dispute["amount"],
        dispute["id"],
        description=f"Chargeback reversal for {dispute['charge']}",
        reporting_category="dispute_reversal",
    )
    dispute["balance_transactions"].append(transaction)
    dispute |= {"is_charge_refundable": True, "status": "won"}
    if fee := call.store.private(dispute["id"]).get("countered_fee"):
        _move_countered_fee(call, dispute, fee, "Dispute countered fee returned")
    call.store.save(dispute)
    record_event(call, "charge.dispute.funds_reinstated", dispute)
    return _close(call, dispute, "won")


def lose(call: Call, dispute: StripeObject) -> StripeObject:
    _require_open(dispute)
    return _close(call, dispute, "warning_closed" if is_inquiry(dispute) else "lost")


def escalate(call: Call, dispute: StripeObject) -> StripeObject:
    """An inquiry becomes a chargeback, which must be answered anew."""
    _require_open(dispute)
    if not is_inquiry(dispute):
        raise RequestRefused(f"{dispute['id']} is a chargeback already.")
    charge = call.store.find("charge", dispute["charge"]) or {}
    previous = {"status": dispute["status"], "is_charge_refundable": True}
    dispute |= {
        "amount": charge["amount"] - charge["amount_refunded"],
        "evidence_details": _details(call),
        "payment_method_details": _method_details(charge, dispute["reason"], inquiry=False),
        "status": "needs_response",
    }
    _withdraw(call, dispute)
    call.store.schedule("evidence_due", dispute["id"], dispute["evidence_details"]["due_by"])
    record_event(call, "charge.dispute.updated", dispute, previous=previous)
    record_event(call, "charge.dispute.funds_withdrawn", dispute)
    refund_courses.fail_those_pending(call, charge["id"])
    return dispute


def take_countered_fee(call: Call, dispute: StripeObject) -> None:
    """Answering a chargeback costs; answering an inquiry does not."""
    fee = call.settings.dispute_countered_fee_cents
    if fee and not is_inquiry(dispute):
        _move_countered_fee(call, dispute, -fee, "Dispute countered fee")
        call.store.remember(dispute["id"], countered_fee=fee)


def is_inquiry(dispute: StripeObject) -> bool:
    return str(dispute["status"]).startswith("warning_")


def record_update_of_charge(call: Call, dispute: StripeObject) -> None:
    record_event(call, "charge.updated", call.store.find("charge", dispute["charge"]) or {})


def _close(call: Call, dispute: StripeObject, status: str) -> StripeObject:
    dispute["status"] = status
    call.store.save(dispute)
    record_event(call, "charge.dispute.closed", dispute)
    record_update_of_charge(call, dispute)
    return dispute


def _withdraw(call: Call, dispute: StripeObject) -> None:
    transaction = record_transaction(
        call,
        "adjustment",
        -dispute["amount"],
        dispute["id"],
        fee=call.settings.dispute_fee_cents,
        fee_description="Dispute fee",
        description=f"Chargeback withdrawal for {dispute['charge']}",
        reporting_category="dispute",
    )
    dispute["balance_transactions"].append(transaction)
    dispute["is_charge_refundable"] = False
    call.store.save(dispute)


def _move_countered_fee(call: Call, dispute: StripeObject, amount: int, description: str) -> None:
    record_transaction(
        call, "adjustment", amount, dispute["id"], description=description, reporting_category="fee"
    )


def _require_open(dispute: StripeObject) -> None:
    if dispute["status"] in CLOSED:
        raise RequestRefused("This dispute is already closed")


def _new_dispute(
    call: Call, charge: StripeObject, reason: str, amount: int, *, inquiry: bool
) -> StripeObject:
    dispute: StripeObject = {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": empty_evidence(),
        "evidence_details": _details(call),
        "is_charge_refundable": True,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": _method_details(charge, reason, inquiry=inquiry),
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }
    call.store.schedule("evidence_due", dispute["id"], dispute["evidence_details"]["due_by"])
    return dispute


def _details(call: Call) -> StripeObject:
    day = datetime.fromtimestamp(call.now, UTC).date() + timedelta(days=DAYS_TO_ANSWER)
    due_by = datetime.combine(day, time(23, 59, 59), UTC)
    return {
        "due_by": int(due_by.timestamp()),
        "enhanced_eligibility": {},
        "has_evidence": False,
        "past_due": False,
        "submission_count": 0,
    }


def _method_details(charge: StripeObject, reason: str, *, inquiry: bool) -> StripeObject:
    brand = charge["payment_method_details"]["card"]["brand"]
    card: StripeObject = {
        "brand": brand,
        "case_type": "inquiry" if inquiry else "chargeback",
        "network": brand,
    }
    code = _INQUIRY_OF_VISA if inquiry and brand == "visa" else NETWORK_CODES[reason].get(brand)
    if code is not None:
        card["network_reason_code"] = code
    return {"card": card, "type": "card"}
