"""The platform's balance: nothing but the sum of its balance transactions."""

from deploy.sandbox.stripe import lists
from deploy.sandbox.stripe.call import Call
from deploy.sandbox.stripe.errors import RequestRefused, StripeObject
from deploy.sandbox.stripe.identifiers import new_id
from deploy.sandbox.stripe.store import Condition, Store

FEE_BASIS_POINTS = 150
FEE_FIXED_CENTS = 25

# https://docs.stripe.com/reports/reporting-categories. An adjustment has none of its own.
_REPORTING = {
    "charge": "charge",
    "payout": "payout",
    "payout_failure": "payout_reversal",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "transfer": "transfer",
    "transfer_refund": "transfer_reversal",
}


def retrieve(call: Call) -> StripeObject:
    available, pending = sums(call.store, call.now)
    return {
        "object": "balance",
        "available": [_amount(available)],
        "livemode": False,
        "pending": [_amount(pending)],
        "refund_and_dispute_prefunding": {"available": [_zero()], "pending": [_zero()]},
    }


def retrieve_transaction(call: Call) -> StripeObject:
    return call.named("balance_transaction", "id")


def list_transactions(call: Call) -> StripeObject:
    return lists.page(
        call,
        "balance_transaction",
        "/v1/balance_transactions",
        *_paid_out(call),
        type=call.get("type"),
        source=call.get("source"),
        currency=call.get("currency"),
    )


def _paid_out(call: Call) -> list[Condition]:
    """`payout`: what that payout consists of, and the payout's own transaction."""
    if "payout" not in call.parameters:
        return []
    return [("private ->> '$.payout' = ?", call.get("payout"))]


def sums(store: Store, now: int) -> tuple[int, int]:
    """(available, pending) in cents."""
    row = store.connection.execute(
        "SELECT coalesce(sum(net) FILTER (WHERE available_on <= :now), 0) AS available,"
        " coalesce(sum(net) FILTER (WHERE available_on > :now), 0) AS pending"
        " FROM (SELECT body ->> '$.net' AS net, body ->> '$.available_on' AS available_on"
        " FROM objects WHERE object = 'balance_transaction')",
        {"now": now},
    ).fetchone()
    return row["available"], row["pending"]


def require_available(call: Call, amount: int) -> None:
    available, _ = sums(call.store, call.now)
    if available < amount:
        raise RequestRefused(
            "You have insufficient available funds in your Stripe account. Try adding funds directly to "
            "your available balance by creating Charges using the 4000000000000077 test card. "
            "See: https://docs.stripe.com/testing#available-balance",
            code="balance_insufficient",
        )


def fee_of(amount: int) -> int:
    """1.5 %, rounded half up, and 25 cents."""
    return (amount * FEE_BASIS_POINTS + 5_000) // 10_000 + FEE_FIXED_CENTS


def record_transaction(
    call: Call,
    type_: str,
    amount: int,
    source: str,
    *,
    fee: int = 0,
    fee_description: str = "Stripe processing fees",
    available_on: int | None = None,
    description: str | None = None,
    reporting_category: str | None = None,
) -> StripeObject:
    """One movement of `amount` cents (negative: money leaves), `fee` deducted."""
    available_on = call.now if available_on is None else available_on
    details = {
        "amount": fee,
        "application": None,
        "currency": "eur",
        "description": fee_description,
        "type": "stripe_fee",
    }
    return call.store.insert(
        {
            "id": new_id("txn"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": available_on,
            "balance_type": "payments",
            "created": call.now,
            "currency": "eur",
            "description": description,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [details] if fee else [],
            "net": amount - fee,
            "reporting_category": reporting_category or _REPORTING[type_],
            "source": source,
            "status": "available" if available_on <= call.now else "pending",
            "type": type_,
        }
    )


def _amount(cents: int) -> StripeObject:
    return {"amount": cents, "currency": "eur", "source_types": {"card": cents}}


def _zero() -> StripeObject:
    return {"amount": 0, "currency": "eur"}
