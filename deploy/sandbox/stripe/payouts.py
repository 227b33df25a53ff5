"""Payouts of the balance to the platform's own bank account: automatic ones, which a control starts."""

import math

from deploy.sandbox.stripe import lists
from deploy.sandbox.stripe.balance import record_transaction, sums
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import RequestRefused, StripeObject
from deploy.sandbox.stripe.events import record_event
from deploy.sandbox.stripe.identifiers import new_id

# The platform's one bank account, which the API does not show.
BANK_ACCOUNT = "ba_000000000000000000000000"


def retrieve(call: Call) -> StripeObject:
    return call.named("payout", "payout")


def list_payouts(call: Call) -> StripeObject:
    fields = {name: call.get(name) for name in ("destination", "status")}
    return lists.page(call, "payout", "/v1/payouts", **fields)


def pay_out(call: Call, *, fails: bool = False) -> StripeObject:
    """All that is available. Raises `RequestRefused` if nothing is."""
    amount, _ = sums(call.store, call.now)
    if amount <= 0:
        raise RequestRefused("There is nothing available to pay out.", code="balance_insufficient")
    payout = _new_payout(call, amount)
    transaction = record_transaction(call, "payout", -amount, payout["id"], description="STRIPE PAYOUT")
    payout["balance_transaction"] = transaction["id"]
    call.store.insert(payout)
    _note_what_is_paid(call, payout["id"])
    kind = "payout_failure" if fails else "payout_arrival"
    call.store.schedule(kind, payout["id"], call.now + call.settings.bank_seconds)
    record_event(call, "payout.created", payout)
    return payout


def arrive(call: Call, payout: StripeObject) -> None:
    if payout["status"] != "in_transit":
        return
    payout |= {"reconciliation_status": "completed", "status": "paid"}
    call.store.save(payout)
    record_event(call, "payout.paid", payout)
    record_event(call, "payout.reconciliation_completed", payout)


def fail(call: Call, payout: StripeObject) -> StripeObject:
    """The bank sends the money back, even some days after it seemed paid. Raises `RequestRefused`."""
    if payout["status"] not in ("in_transit", "paid"):
        raise RequestRefused(f"{payout['id']} has failed already.")
    transaction = record_transaction(
        call, "payout_failure", payout["amount"], payout["id"], description="PAYOUT FAILURE"
    )
    payout |= {
        "failure_balance_transaction": transaction["id"],
        "failure_code": "account_closed",
        "failure_message": "The bank account has been closed.",
        "status": "failed",
    }
    call.store.save(payout)
    record_event(call, "payout.failed", payout)
    return payout


def _note_what_is_paid(call: Call, payout: str) -> None:
    """Everything available that no earlier payout has carried, this payout's own transaction included."""
    call.store.connection.execute(
        "UPDATE objects SET private = json_set(private, '$.payout', ?) WHERE object = 'balance_transaction'"
        " AND private ->> '$.payout' IS NULL AND body ->> '$.available_on' <= ?",
        (payout, call.now),
    )


def _new_payout(call: Call, amount: int) -> StripeObject:
    return {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": call.now + math.ceil(call.settings.bank_seconds),
        "automatic": True,
        "balance_transaction": None,
        "created": call.now,
        "currency": "eur",
        "description": "STRIPE PAYOUT",
        "destination": BANK_ACCOUNT,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "in_transit",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }
